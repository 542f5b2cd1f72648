namespace SkPeft.Tensors.Kernels;

/// <summary>Tiles in generated code; all else as the kernel of the instruction set below.</summary>
internal sealed unsafe class GeneratedPanelKernel(PanelKernel plain, IReadOnlyList<nint> tiles) : PanelKernel
{
    private readonly nint[] _tiles = [.. tiles];

    public override int BlockInputs => plain.BlockInputs;

    public override int BlockBytes => plain.BlockBytes;

    public override int BlockWords { get; } = new TileInputs(plain.BlockInputs, 1).BlockWords;

    public override int FirstWord(int column) => column * BlockWords;

    public override void PackInputs(float* x, int inputs, float narrow, int* to, int columns)
    {
        TileInputs tile = new(BlockInputs, columns);
        int whole = inputs / BlockInputs;
        for (int b = 0; b < whole; b++, x += BlockInputs, to += (long)BlockWords * columns)
        {
            tile.Pack(x, narrow, to);
        }

        int rest = inputs - (whole * BlockInputs);
        if (rest > 0)
        {
            float* padded = stackalloc float[LongestBlock];
            new Span<float>(padded, LongestBlock).Clear();
            new Span<float>(x, rest).CopyTo(new Span<float>(padded, rest));
            tile.Pack(padded, narrow, to);
        }
    }

    public override void Multiply(int columns, byte* panel, int* x, int blocks, float* sums) =>
        ((delegate* unmanaged<byte*, int*, nint, float*, void>)_tiles[int.Log2(columns)])(panel, x, blocks, sums);

    public override void Decode(byte* panel, int blocks, float* to, int stride) => plain.Decode(panel, blocks, to, stride);

    public override void Deliver(float* sums, int columns, int rows, float* y, long strideY, bool accumulate) =>
        plain.Deliver(sums, columns, rows, y, strideY, accumulate);
}
