using SkPeft.Tensors.Formats.Quantization;

namespace SkPeft.Engine.Models;

/// <summary>
/// Rotary frequencies as a checkpoint that was cast as a whole (<c>model.to(dtype)</c>) carries them: rounded to the 16-bit type of
/// its configuration (docs/adr/0006).
/// </summary>
/// <remarks>
/// The reference outputs for 16-bit bases were made so. At long contexts that rounding turns far positions by whole radians, and no
/// loader does it there; so it applies only where the last position moves by less than one radian.
/// </remarks>
internal static class StoredRopePrecision
{
    /// <summary>Rounds in place, or leaves all frequencies alone.</summary>
    /// <param name="frequencies">Radians a position.</param>
    /// <param name="type">The type in the configuration: <c>bfloat16</c>, <c>float16</c>; anything else changes nothing.</param>
    /// <param name="positions">The context that the model was made for.</param>
    public static void Apply(Span<double> frequencies, string? type, int positions)
    {
        if (type is not ("bfloat16" or "float16"))
        {
            return;
        }

        double[] rounded = new double[frequencies.Length];
        double worst = 0;
        for (int i = 0; i < rounded.Length; i++)
        {
            rounded[i] = Round((float)frequencies[i], type);
            worst = Math.Max(worst, Math.Abs(rounded[i] - frequencies[i]) * positions);
        }

        if (worst < 1)
        {
            rounded.CopyTo(frequencies);
        }
    }

    private static double Round(float value, string type) => type == "bfloat16" ? RoundToBFloat16(value) : (float)(Half)value;

    private static float RoundToBFloat16(float value) => BitConverter.UInt32BitsToSingle((uint)FloatEncoders.ToBFloat16(value) << 16);
}
