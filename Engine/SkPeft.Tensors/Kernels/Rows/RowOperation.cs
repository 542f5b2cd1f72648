namespace SkPeft.Tensors.Kernels;

/// <summary>What a step does to a row y.</summary>
internal enum RowOperation
{
    /// <summary>y = x.</summary>
    Copy,

    /// <summary>y = x / √(mean(x²) + ε) ⊙ v.</summary>
    Normalise,

    /// <summary>y ⊙= v.</summary>
    Multiply,

    /// <summary>y += v.</summary>
    Add,

    /// <summary>y += b ⊙ (1 − v): behind a multiplication by v, as if b, which was in y, had been left out of it.</summary>
    Restore,
}
