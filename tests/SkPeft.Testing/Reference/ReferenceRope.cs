using System.Text.Json;

namespace SkPeft.Testing;

/// <summary>Rotary position embeddings with the scalings <c>linear</c> and <c>llama3</c>, rotate-half pairing.</summary>
public sealed record ReferenceRope(double Theta)
{
    /// <summary>Divides all frequencies (<c>linear</c>).</summary>
    public double Factor { get; init; } = 1;

    /// <summary>low_freq_factor, high_freq_factor and the original context of <c>llama3</c>; null for the other kinds.</summary>
    public (double Low, double High, double Original)? Llama3 { get; init; }

    /// <summary>
    /// How frequencies are rounded. The golden bases in half precision were converted as a whole before they were widened again,
    /// so that their frequencies are those of the half format.
    /// </summary>
    public Func<double, double> Round { get; init; } = frequency => (float)frequency;

    public static ReferenceRope Of(JsonElement config)
    {
        ReferenceRope plain = new(config.GetProperty("rope_theta").GetDouble())
        {
            Round = config.GetProperty("dtype").GetString() switch
            {
                "bfloat16" => RoundToBrainFloat,
                "float16" => frequency => (float)(Half)(float)frequency,
                _ => frequency => (float)frequency,
            },
        };
        if (!config.TryGetProperty("rope_scaling", out JsonElement scaling) || scaling.ValueKind == JsonValueKind.Null)
        {
            return plain;
        }

        ReferenceRope scaled = plain with { Factor = scaling.GetProperty("factor").GetDouble() };
        return scaling.GetProperty("rope_type").GetString() == "linear" ? scaled : scaled with
        {
            Llama3 = (scaling.GetProperty("low_freq_factor").GetDouble(), scaling.GetProperty("high_freq_factor").GetDouble(),
                scaling.GetProperty("original_max_position_embeddings").GetDouble()),
        };
    }

    /// <summary>Rotates every head of every row; row i is at position first + i.</summary>
    public Tensor Rotate(Tensor x, int headDim, int first)
    {
        Tensor y = new(x.Shape);
        int half = headDim / 2;
        for (int row = 0; row < x[0]; row++)
        {
            for (int head = 0; head < x[1]; head += headDim)
            {
                for (int i = 0; i < half; i++)
                {
                    double angle = (float)((first + row) * Round(Frequency(i, headDim)));
                    double a = x.Row(row)[head + i];
                    double b = x.Row(row)[head + i + half];
                    y.Row(row)[head + i] = (float)((a * Math.Cos(angle)) - (b * Math.Sin(angle)));
                    y.Row(row)[head + i + half] = (float)((b * Math.Cos(angle)) + (a * Math.Sin(angle)));
                }
            }
        }

        return y;
    }

    // To the nearest, ties to even, of the 16 upper bits.
    private static double RoundToBrainFloat(double value)
    {
        uint bits = BitConverter.SingleToUInt32Bits((float)value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }

    private double Frequency(int pair, int headDim)
    {
        double frequency = Math.Pow(Theta, -2.0 * pair / headDim);
        if (Llama3 is not { } bands)
        {
            return frequency / Factor;
        }

        double wavelength = 2 * Math.PI / frequency;
        double smooth = ((bands.Original / wavelength) - bands.Low) / (bands.High - bands.Low);
        return wavelength < bands.Original / bands.High ? frequency
            : wavelength > bands.Original / bands.Low ? frequency / Factor
            : ((1 - smooth) * frequency / Factor) + (smooth * frequency);
    }
}
