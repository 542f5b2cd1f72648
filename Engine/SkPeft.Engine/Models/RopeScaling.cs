namespace SkPeft.Engine.Models;

/// <summary>How a model stretches its rotary positions beyond the length it was trained on.</summary>
public abstract record RopeScaling
{
    private protected RopeScaling()
    {
    }

    /// <summary>Changes the inverse frequencies (θ^(−2i/d), radians a position) in place.</summary>
    /// <param name="inverseFrequencies">headDim / 2 numbers.</param>
    public abstract void Apply(Span<double> inverseFrequencies);
}
