namespace SkPeft.Tensors.Kernels;

/// <summary>Where a tile finds its rows of A: row r and step k of the sum lie at <c>Start[r · Row + k · Step]</c>, packed or not.</summary>
internal readonly unsafe struct TileInput(float* start, long row, long step)
{
    public float* Start { get; } = start;

    /// <summary>Floats between rows.</summary>
    public long Row { get; } = row;

    /// <summary>Floats between steps of the sum.</summary>
    public long Step { get; } = step;
}
