using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>A low-rank change of few rows with 8-bit factors and fp32 activations.</summary>
internal abstract unsafe class LowRankKernel
{
    private static readonly LowRankKernel[] s_all = [new LowRankKernelOf<Lanes128>(), new LowRankKernelOf<Lanes256>(), new LowRankKernelOf<Lanes512>()];

    public static LowRankKernel Get(InstructionSet set) => s_all[(int)set.Vectors()];

    /// <summary>y[i] += scale · B · (A · x[i]).</summary>
    /// <param name="rows">Factors and rows.</param>
    /// <param name="middle">Scratch, [count, rank].</param>
    /// <param name="next">The factors that are needed next, or null: they are fetched meanwhile. They are short, and met once a step, so that waiting for
    /// their first lines would take longer than multiplying them.</param>
    public abstract void Run(in LowRankRows rows, float* middle, LowRankFactors? next);
}

/// <summary>The kernel with one kind of vector.</summary>
internal sealed unsafe class LowRankKernelOf<T> : LowRankKernel
    where T : unmanaged, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(in LowRankRows rows, float* middle, LowRankFactors? next)
    {
        LowRankFactors factors = rows.Factors;
        int rank = factors.Rank;
        int blocks = ByteBlocks.PerLine(factors.Inputs);
        Ahead ahead = new(next?.Down, rank);
        for (int r = 0; r < rank; r++)
        {
            ahead.Fetch();
            sbyte* values = factors.Down.Values + ((long)r * blocks * ByteBlocks.Length);
            float* scales = factors.Down.Scales + ((long)r * blocks);
            for (int row = 0; row < rows.Count; row++)
            {
                middle[(row * rank) + r] = rows.Scale * Dot(values, scales, rows.X + (row * rows.StrideX), factors.Inputs);
            }
        }

        blocks = ByteBlocks.PerLine(factors.Outputs);
        ahead = new Ahead(next?.Up, blocks);
        for (int block = 0; block < blocks; block++)
        {
            ahead.Fetch();
            int first = block * ByteBlocks.Length;
            sbyte* values = factors.Up.Values + ((long)first * rank);
            float* scales = factors.Up.Scales + ((long)block * rank);
            int width = Math.Min(ByteBlocks.Length, factors.Outputs - first);
            for (int row = 0; row < rows.Count; row++)
            {
                Add(values, scales, middle + (row * rank), rank, rows.Y + (row * rows.StrideY) + first, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(sbyte* values, float* scales, float* x, int size)
    {
        T sum = T.Zero;
        int k = 0;
        for (; k + ByteBlocks.Length <= size; k += ByteBlocks.Length)
        {
            T block = T.LoadSBytes(values + k) * T.Load(x + k);
            block = T.MultiplyAdd(T.LoadSBytes(values + k + 16), T.Load(x + k + 16), block);
            sum = T.MultiplyAdd(block, T.Broadcast(scales[k / ByteBlocks.Length]), sum);
        }

        if (k < size)
        {
            int rest = size - k;
            T block = T.LoadSBytes(values + k) * Partial.Load<T>(x + k, Math.Min(16, rest));
            if (rest > 16)
            {
                block = T.MultiplyAdd(T.LoadSBytes(values + k + 16), Partial.Load<T>(x + k + 16, rest - 16), block);
            }

            sum = T.MultiplyAdd(block, T.Broadcast(scales[k / ByteBlocks.Length]), sum);
        }

        return T.Sum(sum);
    }

    // All ranks of a block of outputs, so that y is read and written once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(sbyte* values, float* scales, float* middle, int rank, float* y, int width)
    {
        bool isWhole = width == ByteBlocks.Length;
        T low = isWhole ? T.Load(y) : Partial.Load<T>(y, Math.Min(16, width));
        T high = isWhole ? T.Load(y + 16) : width > 16 ? Partial.Load<T>(y + 16, width - 16) : T.Zero;
        for (int r = 0; r < rank; r++, values += ByteBlocks.Length)
        {
            T weight = T.Broadcast(middle[r] * scales[r]);
            low = T.MultiplyAdd(T.LoadSBytes(values), weight, low);
            high = T.MultiplyAdd(T.LoadSBytes(values + 16), weight, high);
        }

        if (isWhole)
        {
            T.Store(low, y);
            T.Store(high, y + 16);
            return;
        }

        Partial.Store(low, y, Math.Min(16, width));
        if (width > 16)
        {
            Partial.Store(high, y + 16, width - 16);
        }
    }

    // Fetches a buffer in so many equal pieces.
    private unsafe struct Ahead(ByteBlocks? blocks, int pieces)
    {
        private const int Line = 64;
        private readonly byte* _end = blocks is null ? null : (byte*)blocks.Values + blocks.Bytes;
        private readonly long _step = blocks is null ? 0 : ((blocks.Bytes / pieces) + Line - 1) / Line * Line;
        private byte* _at = blocks is null ? null : (byte*)blocks.Values;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Fetch()
        {
            byte* until = _at + _step < _end ? _at + _step : _end;
            for (; _at < until; _at += Line)
            {
                Prefetch.Line((float*)_at);
            }
        }
    }
}
