using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Blocked fp32 product (after Goto and van de Geijn 2008). All workers pack A first. Then they draw strips of B from a common
/// counter: a strip's stretch is packed (or decoded) into the first-level cache and meets all rows of a block of A, which
/// stays in the second-level cache. Which worker draws what does not matter: every value of C is summed in the same order.
/// </summary>
internal sealed unsafe class BlockedProduct(WorkerTeam team, InstructionSet set) : IWork, IDisposable
{
    /// <summary>Multiplications below which waking the team costs more than it saves.</summary>
    private const long SmallWork = 100_000;

    /// <summary>Values of A below which packing is not worth a dispatch.</summary>
    private const long SmallPacking = 16_384;

    private readonly MicroKernel _micro = MicroKernel.Get(set);
    private readonly Scratch _packed = new();
    private readonly Scratch _strips = new();
    private readonly StripCounter _counter = new();
    private BlockedCall _call;
    private Blocking _blocking;
    private BlockedPart _part;
    private float* _a;
    private float* _b;
    private bool _packing;

    /// <summary>Computes the product.</summary>
    public void Run(in BlockedCall call)
    {
        _call = call;
        bool alone = team.Count == 1 || (long)call.M * call.N * call.K < SmallWork;
        _blocking = new Blocking(call, _micro, alone ? 1 : team.Count);
        _a = (float*)_packed.Get(_blocking.PackedFloats * sizeof(float));
        _b = (float*)_strips.Get(_blocking.StripFloats * sizeof(float) * (alone ? 1 : team.Count));
        for (int row = 0; row < call.M; row += _blocking.PartRows)
        {
            for (int k = 0; k < call.K; k += _blocking.PartDepth)
            {
                _part = new BlockedPart(row, Math.Min(_blocking.PartRows, call.M - row), k, Math.Min(_blocking.PartDepth, call.K - k), _blocking);
                RunPhase(packing: true, _part.PackingTasks, alone || (long)_part.Rows * _part.Depth < SmallPacking);
                RunPhase(packing: false, _part.Blocks * _blocking.Strips, alone);
            }
        }
    }

    public void Execute(int worker, int workers)
    {
        float* strip = _b + (worker * _blocking.StripFloats);
        while (_counter.Draw(workers, out int first, out int count))
        {
            if (_packing)
            {
                Pack(first, count);
            }
            else
            {
                Multiply(first, count, strip);
            }
        }
    }

    public void Dispose()
    {
        _packed.Dispose();
        _strips.Dispose();
    }

    private void RunPhase(bool packing, int tasks, bool alone)
    {
        _packing = packing;
        _counter.Begin(tasks, packing ? 1 : Blocking.MostStrips);
        if (alone)
        {
            Execute(0, 1);
        }
        else
        {
            team.Run(this);
        }
    }

    private void Pack(int first, int count)
    {
        for (int task = first; task < first + count; task++)
        {
            (int strip, int strips, int k, int depth) = _part.PackingTask(task);
            GemmPacker.PackMany(_call.A, _call.M, _part.Row + (strip * _micro.Rows), _micro.Rows, strips, _part.K + k, depth, _a + _part.Offset(strip, k));
        }
    }

    // Units are numbered [block of rows][strip of columns].
    private void Multiply(int first, int count, float* buffer)
    {
        while (count > 0)
        {
            int strip = first % _blocking.Strips;
            int run = Math.Min(count, _blocking.Strips - strip);
            for (int k = 0; k < _part.Depth; k += _blocking.Depth)
            {
                MultiplyRun(first / _blocking.Strips, strip, run, k, buffer);
            }

            first += run;
            count -= run;
        }
    }

    private void MultiplyRun(int block, int first, int strips, int k, float* buffer)
    {
        int depth = _part.DepthAt(k);
        int column = first * _micro.Columns;
        bool whole = column + (strips * _micro.Columns) <= _call.N;
        long stride = 0;
        float* b = _blocking.FewRows && whole ? _call.B.InPlace(column, _part.K + k, out stride) : null;
        if (b != null)
        {
            MultiplyStrips(block, column, strips, k, b, stride, _micro.Columns);
            return;
        }

        _call.B.Write(column, _micro.Columns, strips, _part.K + k, depth, buffer);
        MultiplyStrips(block, column, strips, k, buffer, _micro.Columns, (long)_micro.Columns * depth);
    }

    private void MultiplyStrips(int block, int column, int strips, int k, float* b, long stride, long next)
    {
        int start = block * _blocking.BlockRows;
        int rows = Math.Min(_blocking.BlockRows, _part.Rows - start);
        for (int strip = 0; strip < strips; strip++, column += _micro.Columns, b += next)
        {
            for (int row = start; row < start + rows; row += _micro.Rows)
            {
                MultiplyTile(row, column, k, b, stride);
            }
        }
    }

    private void MultiplyTile(int row, int column, int k, float* b, long stride)
    {
        float* a = _a + _part.Offset(row / _micro.Rows, k);
        int depth = _part.DepthAt(k);
        int rows = Math.Min(_micro.Rows, _part.Rows - row);
        int columns = Math.Min(_micro.Columns, _call.N - column);
        bool accumulate = _call.Accumulate || _part.K + k > 0;
        row += _part.Row;
        if (_call.TransposedC)
        {
            _micro.RunTransposed(rows, columns, depth, a, b, stride, _call.C + (column * _call.StrideC) + row, _call.StrideC, accumulate);
        }
        else
        {
            _micro.Run(rows, columns, depth, a, b, stride, _call.C + (row * _call.StrideC) + column, _call.StrideC, accumulate);
        }
    }
}
