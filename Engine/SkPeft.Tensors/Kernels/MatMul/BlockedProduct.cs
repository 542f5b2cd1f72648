using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// The exact product of many columns: a blocked fp32 product (see <see cref="GemmWork"/>) whose one operand is decoded from
/// panels, a strip at a time, into the first-level cache. Workers draw runs of strips; within a run the stretch of activations
/// stays in the second-level cache. The transposed product x·W sums over the panels' rows instead of their inputs.
/// </summary>
internal sealed unsafe class BlockedProduct(MicroKernel micro) : IWork
{
    /// <summary>Inputs at a time: a decoded strip takes 32 KB or less.</summary>
    private const int Depth = 256;

    /// <summary>Inputs of a stretch are a multiple of every format's block.</summary>
    private const int BlockMultiple = 32;

    private PanelKernel _decoder = null!;
    private MatMulCall _call;
    private float* _packed;
    private int _depth;
    private int _run;
    private int _next;
    private bool _packing;
    private bool _transposed;
    private int _sum;
    private int _outputs;

    /// <summary>Bytes of packed activations.</summary>
    public long PackedBytes(in MatMulCall call, bool transposed) =>
        (long)GemmPacker.Strips(call.Count, micro.Rows) * micro.Rows * GemmPacker.Padded(transposed ? call.Weights.Rows : call.Weights.Columns) * sizeof(float);

    public void Prepare(PanelKernel decoder, in MatMulCall call, bool transposed, float* packed, int workers)
    {
        _decoder = decoder;
        _call = call;
        _packed = packed;
        _transposed = transposed;
        (_sum, _outputs) = transposed ? (call.Weights.Rows, call.Weights.Columns) : (call.Weights.Columns, call.Weights.Rows);
        int stretches = Math.Max(1, (_sum + Depth - 1) / Depth);
        _depth = GemmPacker.Strips((_sum + stretches - 1) / stretches, BlockMultiple) * BlockMultiple;
        _run = Math.Clamp(Strips / (workers * 4), 1, 4);
    }

    /// <summary>Chooses what the next <see cref="Execute"/> does: first packing, then the product.</summary>
    public void Begin(bool packing)
    {
        _packing = packing;
        _next = 0;
    }

    public void Execute(int worker, int workers)
    {
        if (_packing)
        {
            Pack();
        }
        else
        {
            Multiply();
        }
    }

    private int Strips => GemmPacker.Strips(_outputs, micro.Columns);

    private void Pack()
    {
        var source = new GemmOperand { Values = _call.X, Stride = _call.StrideX, SumIsContiguous = true };
        int strips = GemmPacker.Strips(_call.Count, micro.Rows);
        for (int strip = Draw(1); strip < strips; strip = Draw(1))
        {
            for (int k = 0; k < _sum; k += _depth)
            {
                GemmPacker.Pack(source, _call.Count, strip * micro.Rows, micro.Rows, k, DepthAt(k), Packed(strip, k));
            }
        }
    }

    private void Multiply()
    {
        float* buffer = stackalloc float[(Depth * micro.Columns) + 16];
        float* decoded = (float*)(((nint)buffer + 63) & ~63);
        for (int first = Draw(_run); first < Strips; first = Draw(_run))
        {
            for (int k = 0; k < _sum; k += _depth)
            {
                for (int strip = first; strip < Math.Min(first + _run, Strips); strip++)
                {
                    if (_transposed)
                    {
                        TransposedStrip.Decode(_decoder, _call.Weights, strip * micro.Columns, micro.Columns, k, DepthAt(k), decoded);
                    }
                    else
                    {
                        Decode(strip, k, decoded);
                    }

                    MultiplyStrip(strip, k, decoded);
                }
            }
        }
    }

    private void Decode(int strip, int k, float* to)
    {
        int blocks = _decoder.BlocksOf(DepthAt(k));
        for (int column = 0; column < micro.Columns; column += PackedMatrix.PanelRows, to += PackedMatrix.PanelRows)
        {
            // The last strip may have one panel only: what is then left in the buffer makes columns that nobody keeps.
            int panel = ((strip * micro.Columns) + column) / PackedMatrix.PanelRows;
            if (panel < _call.Weights.Panels)
            {
                byte* from = _call.Weights.Panel(panel) + ((long)(k / _decoder.BlockInputs) * _decoder.BlockBytes);
                _decoder.Decode(from, blocks, to, micro.Columns);
            }
        }
    }

    private void MultiplyStrip(int strip, int k, float* decoded)
    {
        int depth = GemmPacker.Padded(DepthAt(k));
        int column = strip * micro.Columns;
        int columns = Math.Min(micro.Columns, _outputs - column);
        for (int row = 0; row < _call.Count; row += micro.Rows)
        {
            float* y = _call.Y + (row * _call.StrideY) + column;
            int rows = Math.Min(micro.Rows, _call.Count - row);
            micro.Run(rows, columns, depth, Packed(row / micro.Rows, k), decoded, y, _call.StrideY, _call.Accumulate || k > 0);
        }
    }

    // Activations lie as [stretch][strip][depth][rows], so that a stretch is contiguous.
    private float* Packed(int strip, int k)
    {
        long strips = GemmPacker.Strips(_call.Count, micro.Rows);
        return _packed + (strips * micro.Rows * k) + ((long)strip * micro.Rows * GemmPacker.Padded(DepthAt(k)));
    }

    private int DepthAt(int k) => Math.Min(_depth, _sum - k);

    private int Draw(int run) => Interlocked.Add(ref _next, run) - run;
}
