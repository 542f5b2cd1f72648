namespace SkPeft.Engine.Models;

/// <summary>
/// A divisor for every frequency, as llama.cpp's converter stores Llama 3.1's scaling in the tensor <c>rope_freqs.weight</c>.
/// </summary>
/// <param name="Divisors">headDim / 2 positive numbers.</param>
public sealed record DivisorRopeScaling(IReadOnlyList<float> Divisors) : RopeScaling
{
    /// <inheritdoc/>
    public override void Apply(Span<double> inverseFrequencies)
    {
        for (int i = 0; i < inverseFrequencies.Length; i++)
        {
            inverseFrequencies[i] /= Divisors[i];
        }
    }
}
