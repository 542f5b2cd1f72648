using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>Packs rows of activations into the tiles of a kernel.</summary>
internal sealed unsafe class InputPacker : IWork
{
    private PanelKernel _kernel = null!;
    private float* _x;
    private long _stride;
    private int _count;
    private int _inputs;
    private int* _to;

    public void Prepare(PanelKernel kernel, in MatMulCall call, int* to)
    {
        _kernel = kernel;
        _x = call.X;
        _stride = call.StrideX;
        _count = call.Count;
        _inputs = call.Weights.Columns;
        _to = to;
    }

    public void Execute(int worker, int workers) =>
        Pack((int)((long)_count * worker / workers), (int)((long)_count * (worker + 1) / workers));

    /// <summary>Packs columns first … end − 1.</summary>
    private void Pack(int first, int end)
    {
        var tiles = new ColumnTiles(_kernel, _count, _inputs);
        for (int c = first; c < end; c++)
        {
            int tile = c / _kernel.MaxColumns;
            int* to = _to + tiles.Offset(tile) + (c % _kernel.MaxColumns);
            _kernel.PackInputs(_x + (c * _stride), _inputs, to, tiles.Width(tile));
        }
    }
}
