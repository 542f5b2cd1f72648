using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Activations as <see cref="TileCode"/> reads them. A block of the tile is one run of 32-bit words a column: upper bytes (four inputs a word), lower
/// bytes, then scale, scale · Σ x, −128 · Σ x, and whether the lower bytes are needed.
/// </summary>
internal readonly unsafe struct TileInputs(int blockInputs, int columns)
{
    /// <summary>Columns of the tile.</summary>
    public int Columns => columns;

    /// <summary>Words of upper bytes, and of lower bytes.</summary>
    public int Words => blockInputs / 4;

    public const int Upper = 0;

    public int Lower => Words;

    public int Scale => 2 * Words;

    public int Sum => Scale + 1;

    public int Start => Scale + 2;

    public int IsWide => Scale + 3;

    /// <summary>Words of a column's block.</summary>
    public int BlockWords => Scale + 4;

    public int BlockBytes => BlockWords * columns * sizeof(int);

    /// <summary>Bytes from the block's start to a word of a column.</summary>
    public int Offset(int word, int column) => ((column * BlockWords) + word) * sizeof(int);

    /// <summary>Writes one column's activations of one block.</summary>
    /// <param name="x">The activations.</param>
    /// <param name="narrow">See <see cref="Quantisation.ToShorts"/>.</param>
    /// <param name="to">The column's first word of the block.</param>
    public void Pack(float* x, float narrow, int* to)
    {
        short* rounded = stackalloc short[PanelKernel.LongestBlock];
        sbyte* upper = (sbyte*)(to + Upper);
        sbyte* lower = (sbyte*)(to + Lower);
        RoundedBlock block = Quantisation.ToShorts<Lanes512>(x, blockInputs, rounded, narrow);
        for (int i = 0; i < blockInputs; i += Vector256<short>.Count)
        {
            Vector256<short> whole = Vector256.Load(rounded + i);
            Vector256<short> high = (whole + Vector256.Create((short)128)) >> 8;
            Vector256.Narrow(high, high).GetLower().Store(upper + i);
            Vector256<short> low = whole - (high << 8);
            Vector256.Narrow(low, low).GetLower().Store(lower + i);
        }

        ((float*)to)[Scale] = block.Scale;
        ((float*)to)[Sum] = block.Scale * block.Total;
        to[Start] = -128 * (int)block.Total;
        to[IsWide] = block.IsWide ? 1 : 0;
    }
}
