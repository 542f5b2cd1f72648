namespace SkPeft.Tensors.Kernels;

/// <summary>The tiles of the weight kernels, used as a micro-kernel: a few rows by sixteen columns.</summary>
internal sealed unsafe class TileMicroKernel(InstructionSet set) : MicroKernel
{
    private readonly PanelKernel _tiles = PanelKernels.Get(set, PanelKind.Single);

    public override int Rows => _tiles.MaxColumns;

    public override int Columns => PackedMatrix.PanelRows;

    protected override void Run(int depth, float* a, float* b, float* c, long strideC, bool accumulate)
    {
        float* sums = stackalloc float[Rows * Columns];
        _tiles.Multiply(Rows, (byte*)b, (int*)a, depth / _tiles.BlockInputs, sums);
        _tiles.Deliver(sums, Rows, Columns, c, strideC, accumulate);
    }
}
