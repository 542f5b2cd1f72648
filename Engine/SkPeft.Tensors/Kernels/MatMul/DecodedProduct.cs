using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// The exact product of quantised panels and a few columns: stretches of a panel are decoded to fp32 in the first-level cache
/// and multiplied with fp32 activations. For many columns see <see cref="BlockedProduct"/>.
/// </summary>
internal sealed unsafe class DecodedProduct : IWork
{
    /// <summary>Inputs decoded at a time: 16 rows × 256 × 4 bytes = 16 KB.</summary>
    private const int Stretch = 256;

    private PanelKernel _decoder = null!;
    private PanelKernel _kernel = null!;
    private MatMulCall _call;
    private int* _x;
    private int _next;

    public void Prepare(PanelKernel decoder, PanelKernel kernel, in MatMulCall call, int* x)
    {
        _decoder = decoder;
        _kernel = kernel;
        _call = call;
        _x = x;
        _next = 0;
    }

    public void Execute(int worker, int workers)
    {
        PackedMatrix weights = _call.Weights;
        float* buffer = stackalloc float[(Stretch * PackedMatrix.PanelRows) + 16];
        float* decoded = (float*)(((nint)buffer + 63) & ~63);
        for (int panel = Draw(); panel < weights.Panels; panel = Draw())
        {
            byte* from = weights.Panel(panel);
            for (int k = 0; k < weights.Columns; k += Stretch)
            {
                int inputs = Math.Min(Stretch, weights.Columns - k);
                int blocks = _decoder.BlocksOf(inputs);
                _decoder.Decode(from, blocks, decoded, PackedMatrix.PanelRows);
                from += (long)blocks * _decoder.BlockBytes;
                Multiply(panel, k, inputs, decoded);
            }
        }
    }

    private void Multiply(int panel, int k, int inputs, float* decoded)
    {
        float* sums = stackalloc float[_kernel.MaxColumns * PackedMatrix.PanelRows];
        var tiles = new ColumnTiles(_kernel, _call.Count, _call.Weights.Columns);
        int row = panel * PackedMatrix.PanelRows;
        int rows = Math.Min(PackedMatrix.PanelRows, _call.Weights.Rows - row);
        for (int tile = 0; tile < tiles.Count; tile++)
        {
            int* x = _x + tiles.Offset(tile) + ((long)k * tiles.Width(tile));
            _kernel.Multiply(tiles.Width(tile), (byte*)decoded, x, _kernel.BlocksOf(inputs), sums);
            float* y = _call.Y + (tile * _kernel.MaxColumns * _call.StrideY) + row;
            _kernel.Deliver(sums, tiles.Used(tile), rows, y, _call.StrideY, _call.Accumulate || k > 0);
        }
    }

    private int Draw() => Interlocked.Increment(ref _next) - 1;
}
