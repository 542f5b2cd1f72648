using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Multiplies panels with packed activations. Workers draw runs of panels from a common counter, so that a worker that is held
/// up by another process holds up nobody else. A panel stays in the first-level cache while all tiles of activations pass.
/// </summary>
internal sealed unsafe class PanelProduct : IWork
{
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
        PackedMatrix weights = _call.Weights;
        float* sums = stackalloc float[_kernel.MaxColumns * PackedMatrix.PanelRows];
        var tiles = new ColumnTiles(_kernel, _call.Count, weights.Columns);
        int blocks = _kernel.BlocksOf(weights.Columns);
        int run = workers == 1 ? weights.Panels : _run;
        for (int first = Draw(run); first < weights.Panels; first = Draw(run))
        {
            for (int panel = first; panel < Math.Min(first + run, weights.Panels); panel++)
            {
                int row = panel * PackedMatrix.PanelRows;
                int rows = Math.Min(PackedMatrix.PanelRows, weights.Rows - row);
                for (int tile = 0; tile < tiles.Count; tile++)
                {
                    _kernel.Multiply(tiles.Width(tile), weights.Panel(panel), _x + tiles.Offset(tile), blocks, sums);
                    float* y = _call.Y + (tile * _kernel.MaxColumns * _call.StrideY) + row;
                    _kernel.Deliver(sums, tiles.Used(tile), rows, y, _call.StrideY, _call.Accumulate);
                }
            }
        }
    }

    private int Draw(int run) => Interlocked.Add(ref _next, run) - run;
}
