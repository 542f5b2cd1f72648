namespace SkPeft.Tensors.Kernels;

/// <summary>What can be done with panels of one format on one instruction set.</summary>
internal abstract unsafe class PanelKernel
{
    /// <summary>Inputs of the longest block of any format; every block's length divides it.</summary>
    public const int LongestBlock = 32;

    /// <summary>Columns of the widest tile: 8, 4 or 2, so that its sums stay in registers.</summary>
    public required int MaxColumns { get; init; }

    public abstract int BlockInputs { get; }

    /// <summary>Bytes of weights and scales of a block of 16 rows.</summary>
    public abstract int BlockBytes { get; }

    /// <summary>Words of activations and scales of a block, a column.</summary>
    public abstract int BlockWords { get; }

    public int BlocksOf(int inputs) => (inputs + BlockInputs - 1) / BlockInputs;

    /// <summary>The narrowest tile that holds so many columns.</summary>
    public int TileFor(int columns)
    {
        int tile = 1;
        while (tile < columns && tile < MaxColumns)
        {
            tile *= 2;
        }

        return tile;
    }

    /// <summary>Where in a tile a column's first word is.</summary>
    public virtual int FirstWord(int column) => column;

    /// <summary>Packs one column of a tile.</summary>
    /// <param name="x">The activations.</param>
    /// <param name="inputs">How many; the last block is filled up with zeros.</param>
    /// <param name="narrow">See <see cref="Quantisation.ToShorts"/>.</param>
    /// <param name="to">The column's first word in the tile.</param>
    /// <param name="columns">Columns in the tile.</param>
    public abstract void PackInputs(float* x, int inputs, float narrow, int* to, int columns);

    /// <summary>Writes the sums of a tile, [columns][16 rows].</summary>
    public abstract void Multiply(int columns, byte* panel, int* x, int blocks, float* sums);

    /// <summary>Writes the exact values of blocks: 16 rows for every input, an input every <paramref name="stride"/> floats.</summary>
    public abstract void Decode(byte* panel, int blocks, float* to, int stride);

    /// <summary>Moves the sums of a tile to their place, without those of padding.</summary>
    public abstract void Deliver(float* sums, int columns, int rows, float* y, long strideY, bool accumulate);
}
