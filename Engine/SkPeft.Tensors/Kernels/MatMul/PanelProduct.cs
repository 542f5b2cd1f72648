using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Multiplies panels with packed activations. Every worker has a share of neighbouring panels, and who is done helps another, so that a worker
/// that is held up by another process holds up nobody else. A few panels at a time pass under all tiles of activations: they stay in the
/// second-level cache, and a tile of activations comes from further away once for all of them.
/// </summary>
internal sealed unsafe class PanelProduct : IWork
{
    private const int PanelsTogether = 4;

    private readonly TaskShares _shares = new();
    private PanelKernel _kernel = null!;
    private MatMulCall _call;
    private int* _x;

    public void Prepare(PanelKernel kernel, in MatMulCall call, int* x, int workers)
    {
        _kernel = kernel;
        _call = call;
        _x = x;
        _shares.Begin(call.Weights.Panels, Math.Max(1, call.Weights.Panels / (workers * 8)), workers);
    }

    public void Execute(int worker, int workers)
    {
        while (_shares.Draw(worker, workers, out int first, out int count))
        {
            for (int panel = first; panel < first + count; panel += PanelsTogether)
            {
                Multiply(panel, Math.Min(panel + PanelsTogether, first + count));
            }
        }
    }

    private void Multiply(int first, int end)
    {
        PackedMatrix weights = _call.Weights;
        float* sums = stackalloc float[_kernel.MaxColumns * PackedMatrix.PanelRows];
        var tiles = new ColumnTiles(_kernel, _call.Count, weights.Columns);
        int blocks = _kernel.BlocksOf(weights.Columns);
        for (int tile = 0; tile < tiles.Count; tile++)
        {
            int* x = _x + tiles.Offset(tile);
            float* y = _call.Y + (tile * _kernel.MaxColumns * _call.StrideY);
            for (int panel = first; panel < end; panel++)
            {
                int row = panel * PackedMatrix.PanelRows;
                _kernel.Multiply(tiles.Width(tile), weights.Panel(panel), x, blocks, sums);
                _kernel.Deliver(sums, tiles.Used(tile), Math.Min(PackedMatrix.PanelRows, weights.Rows - row), y + row, _call.StrideY, _call.Accumulate);
            }
        }
    }
}
