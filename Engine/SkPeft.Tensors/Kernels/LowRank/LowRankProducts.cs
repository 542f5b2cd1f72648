using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Low-rank changes of many rows: both products of a block of rows on one worker, so that all changes of a layer take one round of the team. The
/// factors have few columns; the first product is computed turned, so that they are the tile's rows.
/// </summary>
internal sealed unsafe class LowRankProducts(WorkerTeam team, InstructionSet set) : IWork, IDisposable
{
    /// <summary>Ranks above this fill the blocked product's tiles.</summary>
    public const int HighestRank = 64;

    private const int BlockRows = 32;

    private readonly LocalGemm _gemm = new(MicroKernel.Get(set));
    private readonly VectorKernels _vectors = VectorKernels.Get(set);
    private readonly Scratch _scratch = new();
    private readonly List<LowRankRows> _items = [];
    private float* _memory;
    private int _blocks;
    private int _next;

    private long Share => _gemm.ScratchFloats + (HighestRank * BlockRows);

    /// <summary>Adds rows to the next <see cref="Run"/>.</summary>
    public void Add(in LowRankRows item)
    {
        _items.Add(item);
        _blocks += BlocksOf(item);
    }

    /// <summary>Runs what was added.</summary>
    public void Run()
    {
        if (_blocks == 0)
        {
            return;
        }

        _memory = (float*)_scratch.Get(Share * team.Count * sizeof(float));
        _next = 0;
        try
        {
            if (_blocks == 1 || team.Count == 1)
            {
                Execute(0, 1);
            }
            else
            {
                team.Run(this);
            }
        }
        finally
        {
            // Factors belong to adapters that come and go.
            _items.Clear();
            _blocks = 0;
        }
    }

    public void Execute(int worker, int workers)
    {
        float* scratch = _memory + (worker * Share);
        int drawn = Draw(), before = 0;
        foreach (LowRankRows item in _items)
        {
            int blocks = BlocksOf(item);
            for (; drawn < before + blocks; drawn = Draw())
            {
                int first = (drawn - before) * BlockRows;
                Multiply(item, first, Math.Min(BlockRows, item.Count - first), scratch);
            }

            before += blocks;
        }
    }

    public void Dispose() => _scratch.Dispose();

    private static int BlocksOf(in LowRankRows item) => (item.Count + BlockRows - 1) / BlockRows;

    private void Multiply(in LowRankRows item, int first, int rows, float* scratch)
    {
        LowRankFactors factors = item.Factors;
        float* middle = scratch + _gemm.ScratchFloats;
        float* x = item.X + (first * item.StrideX), y = item.Y + (first * item.StrideY);
        fixed (float* a = factors.A.Data, b = factors.B.Data)
        {
            // middleᵀ = A · xᵀ, then y += middle · Bᵀ.
            _gemm.Run(GemmCall.Of(factors.Rank, rows, factors.Inputs, a, factors.Inputs, false, x, item.StrideX, true, middle, rows, false), scratch);
            if (item.Scale != 1)
            {
                _vectors.Scale(item.Scale, middle, factors.Rank * rows);
            }

            _gemm.Run(GemmCall.Of(rows, factors.Outputs, factors.Rank, middle, rows, true, b, factors.Rank, true, y, item.StrideY, true), scratch);
        }
    }

    private int Draw() => Interlocked.Increment(ref _next) - 1;
}
