namespace SkPeft.Engine.Models.Saving;

/// <summary>How a GGUF file says what rotary frequencies a model has: by its base, a linear factor, or a divisor for each frequency.</summary>
/// <param name="Factor">For <c>rope.scaling.factor</c>, or null.</param>
/// <param name="Divisors">headDim / 2 numbers for the tensor <c>rope_freqs.weight</c>, or null.</param>
internal sealed record GgufRope(float? Factor, float[]? Divisors)
{
    // Twice what rounding the base or a factor to a float does to a frequency.
    private const double Tolerance = 2e-7;

    /// <summary>
    /// The plainest form that gives the model's own frequencies. Divisors say everything that has no form of its own: Llama 3.1's scaling
    /// (as llama.cpp's converter writes it), and frequencies that a 16-bit checkpoint carries rounded (docs/adr/0006).
    /// </summary>
    public static GgufRope Of(LlamaConfig config)
    {
        double[] wanted = config.InverseFrequencies();
        double[] plain = (config with { RopeScaling = null, StoredType = null }).InverseFrequencies();
        if (Agree(wanted, plain, 1))
        {
            return new GgufRope(null, null);
        }

        return config.RopeScaling is LinearRopeScaling linear && Agree(wanted, plain, linear.Factor)
            ? new GgufRope((float)linear.Factor, null)
            : new GgufRope(null, [.. wanted.Zip(plain, (w, p) => (float)(p / w))]);
    }

    private static bool Agree(double[] wanted, double[] plain, double factor) =>
        wanted.Zip(plain).All(pair => Math.Abs(pair.First * factor / pair.Second - 1) < Tolerance);
}
