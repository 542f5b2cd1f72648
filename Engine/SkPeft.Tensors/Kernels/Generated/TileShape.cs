namespace SkPeft.Tensors.Kernels;

/// <summary>How a block of a panel is stored, as far as generated code must know.</summary>
/// <param name="IsNibbles">4-bit weights in the order of <see cref="NibbleOrder"/>, else 8-bit weights, two inputs a step.</param>
/// <param name="BlockInputs">Inputs in a block.</param>
/// <param name="HasHalfScales">fp16 scales (and minima), else fp32.</param>
/// <param name="Minimum">Where the minima are.</param>
internal readonly record struct TileShape(bool IsNibbles, int BlockInputs, bool HasHalfScales, MinimumForm Minimum)
{
    /// <summary>Bytes of weights of 16 rows.</summary>
    public int WeightBytes => BlockInputs * (IsNibbles ? 8 : 16);

    /// <summary>Bytes of 16 scales.</summary>
    public int ScaleBytes => HasHalfScales ? 32 : 64;

    /// <summary>Bytes of a block.</summary>
    public int BlockBytes => WeightBytes + (ScaleBytes * (Minimum == MinimumForm.Stored ? 2 : 1));

    public static TileShape Of(PanelKind kind) => kind switch
    {
        PanelKind.CentredNibble => new(true, 32, true, MinimumForm.Centred),
        PanelKind.HalfNibble => new(true, 32, true, MinimumForm.Stored),
        PanelKind.SingleNibble => new(true, 32, false, MinimumForm.Stored),
        PanelKind.HalfByte => new(false, 32, true, MinimumForm.None),
        PanelKind.PlainGroup => new(false, 16, false, MinimumForm.None),
        PanelKind.Group => new(false, 16, false, MinimumForm.Stored),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a quantised format."),
    };
}

/// <summary>Where the minima of a block are.</summary>
internal enum MinimumForm
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>−8 scales.</summary>
    Centred,

    /// <summary>Behind the scales.</summary>
    Stored,
}
