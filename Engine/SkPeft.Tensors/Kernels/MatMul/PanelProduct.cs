using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Multiplies panels with packed activations. Workers draw runs of panels from a common counter, so that a worker that is held
/// up by another process holds up nobody else. A few panels at a time pass under all tiles of activations: they stay in the
/// second-level cache, and a tile of activations comes from further away once for all of them.
/// </summary>
internal sealed unsafe class PanelProduct : IWork
{
    private const int PanelsTogether = 4;

    private PanelKernel _kernel = null!;
    private MatMulCall _call;
    private int* _x;
    private int _run;
    private int _next;

    public void Prepare(PanelKernel kernel, in MatMulCall call, int* x, int workers)
    {
        _kernel = kernel;
        _call = call;
        _x = x;
        _next = 0;
        _run = Math.Max(1, call.Weights.Panels / (workers * 8));
    }

    public void Execute(int worker, int workers)
    {
        int panels = _call.Weights.Panels;
        int run = workers == 1 ? panels : _run;
        for (int first = Draw(run); first < panels; first = Draw(run))
        {
            int end = Math.Min(first + run, panels);
            for (int panel = first; panel < end; panel += PanelsTogether)
            {
                Multiply(panel, Math.Min(panel + PanelsTogether, end));
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

    private int Draw(int run) => Interlocked.Add(ref _next, run) - run;
}
