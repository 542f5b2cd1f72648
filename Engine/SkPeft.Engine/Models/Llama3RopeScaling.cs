namespace SkPeft.Engine.Models;

/// <summary>
/// Llama 3.1's scaling (transformers, <c>_compute_llama3_parameters</c>): long wavelengths are divided by the factor, short ones
/// kept, those between interpolated.
/// </summary>
/// <param name="Factor">Divisor of the long wavelengths.</param>
/// <param name="LowFrequencyFactor">Wavelengths above original / this are long.</param>
/// <param name="HighFrequencyFactor">Wavelengths below original / this are short; greater than the low factor.</param>
/// <param name="OriginalMaxPositions">The context length of pre-training.</param>
public sealed record Llama3RopeScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalMaxPositions)
    : RopeScaling
{
    /// <inheritdoc/>
    public override void Apply(Span<double> inverseFrequencies)
    {
        foreach (ref double frequency in inverseFrequencies)
        {
            double wavelength = 2 * Math.PI / frequency;
            if (wavelength > OriginalMaxPositions / LowFrequencyFactor)
            {
                frequency /= Factor;
            }
            else if (wavelength >= OriginalMaxPositions / HighFrequencyFactor)
            {
                double smooth = (OriginalMaxPositions / wavelength - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
                frequency = (1 - smooth) * frequency / Factor + smooth * frequency;
            }
        }
    }
}
