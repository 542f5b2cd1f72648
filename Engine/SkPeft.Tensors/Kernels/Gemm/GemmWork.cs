using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Blocked product (Goto and van de Geijn 2008): stretches of k, so that a strip of B stays in the first-level cache while
/// all strips of A pass; both are packed first, by all workers, then blocks of C are drawn from a common counter.
/// </summary>
internal sealed unsafe class GemmWork(WorkerTeam team, InstructionSet set) : IWork, IDisposable
{
    /// <summary>Steps of k at a time.</summary>
    private const int Depth = 256;

    /// <summary>Rows and columns of C at a time, which bounds the packed copies to a few megabytes.</summary>
    private const int Side = 3072;

    /// <summary>Multiplications below which waking the team costs more than it saves.</summary>
    private const long SmallWork = 100_000;

    private readonly MicroKernel _micro = MicroKernel.Get(set);
    private readonly Scratch _packedA = new();
    private readonly Scratch _packedB = new();
    private GemmCall _call;
    private float* _a;
    private float* _b;
    private (int Row, int Rows, int Column, int Columns, int K, int Depth) _block;
    private bool _packing;
    private int _next;

    public void Run(in GemmCall call)
    {
        _call = call;
        if (call.M <= 0 || call.N <= 0)
        {
            return;
        }

        if (call.K <= 0)
        {
            ClearUnlessAccumulating();
            return;
        }

        bool alone = team.Count == 1 || (long)call.M * call.N * call.K < SmallWork;
        int depth = GemmPacker.Padded(Math.Min(call.K, Depth));
        _a = (float*)_packedA.Get((long)GemmPacker.Strips(Math.Min(call.M, Side), _micro.Rows) * _micro.Rows * depth * sizeof(float));
        _b = (float*)_packedB.Get((long)GemmPacker.Strips(Math.Min(call.N, Side), _micro.Columns) * _micro.Columns * depth * sizeof(float));
        for (int column = 0; column < call.N; column += Side)
        {
            for (int row = 0; row < call.M; row += Side)
            {
                for (int k = 0; k < call.K; k += Depth)
                {
                    _block = (row, Math.Min(Side, call.M - row), column, Math.Min(Side, call.N - column), k, Math.Min(Depth, call.K - k));
                    RunPhase(packing: true, alone);
                    RunPhase(packing: false, alone);
                }
            }
        }
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

    public void Dispose()
    {
        _packedA.Dispose();
        _packedB.Dispose();
    }

    private void RunPhase(bool packing, bool alone)
    {
        _packing = packing;
        _next = 0;
        if (alone)
        {
            Execute(0, 1);
        }
        else
        {
            team.Run(this);
        }
    }

    private void Pack()
    {
        int depth = GemmPacker.Padded(_block.Depth);
        int stripsA = GemmPacker.Strips(_block.Rows, _micro.Rows);
        int strips = stripsA + GemmPacker.Strips(_block.Columns, _micro.Columns);
        for (int s = Draw(); s < strips; s = Draw())
        {
            bool isA = s < stripsA;
            int width = isA ? _micro.Rows : _micro.Columns;
            int first = (isA ? s : s - stripsA) * width;
            float* to = (isA ? _a : _b) + ((long)first * depth);
            GemmPacker.Pack(isA ? _call.A : _call.B, isA ? _call.M : _call.N, (isA ? _block.Row : _block.Column) + first, width,
                _block.K, _block.Depth, to);
        }
    }

    private void Multiply()
    {
        int depth = GemmPacker.Padded(_block.Depth);
        int stripsA = GemmPacker.Strips(_block.Rows, _micro.Rows);
        int stripsB = GemmPacker.Strips(_block.Columns, _micro.Columns);
        bool accumulate = _call.Accumulate || _block.K > 0;
        for (int sb = Draw(); sb < stripsB; sb = Draw())
        {
            int column = sb * _micro.Columns;
            int columns = Math.Min(_micro.Columns, _block.Columns - column);
            float* b = _b + ((long)column * depth);
            for (int sa = 0; sa < stripsA; sa++)
            {
                int row = sa * _micro.Rows;
                int rows = Math.Min(_micro.Rows, _block.Rows - row);
                float* a = _a + ((long)row * depth);
                float* c = _call.C + ((_block.Row + row) * _call.StrideC) + _block.Column + column;
                _micro.Run(rows, columns, depth, a, b, c, _call.StrideC, accumulate);
            }
        }
    }

    private void ClearUnlessAccumulating()
    {
        for (int r = 0; r < _call.M && !_call.Accumulate; r++)
        {
            new Span<float>(_call.C + (r * _call.StrideC), _call.N).Clear();
        }
    }

    private int Draw() => Interlocked.Increment(ref _next) - 1;
}
