namespace SkPeft.Tensors.Kernels;

/// <summary>
/// How n columns are cut into tiles: full tiles of the widest kernel, then one of the narrowest width that holds the rest
/// (its spare columns are computed and dropped).
/// </summary>
internal readonly struct ColumnTiles(PanelKernel kernel, int columns, int inputs)
{
    private readonly int _blocks = kernel.BlocksOf(inputs);

    public int Count => (columns + kernel.MaxColumns - 1) / kernel.MaxColumns;

    /// <summary>Words of a column of the whole matrix.</summary>
    public long ColumnWords => (long)_blocks * kernel.BlockWords;

    /// <summary>Words of all tiles.</summary>
    public long TotalWords => ColumnWords * (((long)(Count - 1) * kernel.MaxColumns) + Width(Count - 1));

    /// <summary>Columns that a tile carries.</summary>
    public int Used(int tile) => Math.Min(kernel.MaxColumns, columns - (tile * kernel.MaxColumns));

    /// <summary>Columns that a tile computes.</summary>
    public int Width(int tile) => kernel.TileFor(Used(tile));

    /// <summary>The tile's first word.</summary>
    public long Offset(int tile) => (long)tile * kernel.MaxColumns * ColumnWords;
}
