namespace SkPeft.Engine.Models;

/// <summary>Position interpolation (Chen et al. 2023, arXiv 2306.15595): every frequency is divided by one factor.</summary>
/// <param name="Factor">The factor.</param>
public sealed record LinearRopeScaling(double Factor) : RopeScaling
{
    /// <inheritdoc/>
    public override void Apply(Span<double> inverseFrequencies)
    {
        foreach (ref double frequency in inverseFrequencies)
        {
            frequency /= Factor;
        }
    }
}
