namespace SkPeft.Training.Optimisation;

/// <summary>How the learning rate runs over the steps.</summary>
public enum RateShape
{
    /// <summary>The same at every step.</summary>
    Constant,

    /// <summary>Falls in a line, to 0 behind the last step.</summary>
    Linear,

    /// <summary>Falls along half a cosine, to 0 behind the last step.</summary>
    Cosine,
}

/// <summary>The factor on the learning rate at every step, with transformers' formulas: warm-up rises in a line from 0.</summary>
/// <param name="Shape">The shape behind the warm-up.</param>
/// <param name="Warmup">Steps of warm-up.</param>
/// <param name="Steps">All steps.</param>
internal sealed record RateSchedule(RateShape Shape, int Warmup, int Steps)
{
    /// <summary>The factor, 0 to 1.</summary>
    /// <param name="step">The step, from 0.</param>
    public double At(int step)
    {
        if (step < Warmup)
        {
            return (double)step / Warmup;
        }

        double done = Math.Min(1, (double)(step - Warmup) / Math.Max(1, Steps - Warmup));
        return Shape switch
        {
            RateShape.Linear => 1 - done,
            RateShape.Cosine => 0.5 * (1 + Math.Cos(Math.PI * done)),
            _ => 1,
        };
    }
}
