using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Four ranks of A · x with 8-bit A: every sum is formed in sixteen lanes, in the same order whatever the number of rows.</summary>
/// <remarks>No calls that are not inlined inside the loops: the sums stay in registers.</remarks>
internal static unsafe class LowRankDown<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Ranks at a time.</summary>
    public const int Ranks = 4;

    /// <summary>One row, whose weights are decoded on the way.</summary>
    /// <param name="a">A.</param>
    /// <param name="rank">The first rank; where fewer than four are left, the last one fills their place.</param>
    /// <param name="x">The row.</param>
    /// <param name="ahead">What to fetch.</param>
    /// <param name="sums">Four sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(ByteBlocks a, int rank, PaddedRow x, LowRankAhead ahead, float* sums)
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int last = a.Ranks - 1, stride = a.BlockBytes, blocks = a.Count, scales = a.Ranks * ByteBlocks.Length;
        int r1 = Math.Min(rank + 1, last), r2 = Math.Min(rank + 2, last), r3 = Math.Min(rank + 3, last);
        byte* block = a.Start;
        for (int b = 0; b < blocks; b++, block += stride)
        {
            if (rank == 0)
            {
                ahead.Fetch(block, stride);
            }

            float* from = x.Block(b), scale = (float*)(block + scales);
            T low = T.Load(from), high = T.Load(from + 16);
            s0 = Add(s0, (sbyte*)block + (rank * ByteBlocks.Length), scale[rank], low, high);
            s1 = Add(s1, (sbyte*)block + (r1 * ByteBlocks.Length), scale[r1], low, high);
            s2 = Add(s2, (sbyte*)block + (r2 * ByteBlocks.Length), scale[r2], low, high);
            s3 = Add(s3, (sbyte*)block + (r3 * ByteBlocks.Length), scale[r3], low, high);
        }

        Store(s0, s1, s2, s3, sums);
    }

    /// <summary>Decodes four ranks, [block][4][32].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Decode(ByteBlocks a, int rank, float* to)
    {
        byte* block = a.Start;
        for (int b = 0; b < a.Count; b++, block += a.BlockBytes)
        {
            float* scale = (float*)(block + (a.Ranks * ByteBlocks.Length));
            for (int r = rank; r < rank + Ranks; r++, to += ByteBlocks.Length)
            {
                int at = Math.Min(r, a.Ranks - 1);
                LowRankUp<T>.Decode((sbyte*)block + (at * ByteBlocks.Length), scale[at], to);
            }
        }
    }

    /// <summary>One row and decoded weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(float* weights, int blocks, PaddedRow x, float* sums)
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        for (int b = 0; b < blocks; b++)
        {
            float* from = x.Block(b);
            for (int half = 0; half < ByteBlocks.Length; half += 16, weights += 16)
            {
                T v = T.Load(from + half);
                s0 = T.MultiplyAdd(T.Load(weights), v, s0);
                s1 = T.MultiplyAdd(T.Load(weights + 32), v, s1);
                s2 = T.MultiplyAdd(T.Load(weights + 64), v, s2);
                s3 = T.MultiplyAdd(T.Load(weights + 96), v, s3);
            }

            weights += 96;
        }

        Store(s0, s1, s2, s3, sums);
    }

    /// <summary>Two rows and decoded weights, which are loaded once for both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(float* weights, int blocks, PaddedRow x, PaddedRow z, float* sums, float* sumsOfSecond)
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero, t0 = T.Zero, t1 = T.Zero, t2 = T.Zero, t3 = T.Zero;
        for (int b = 0; b < blocks; b++)
        {
            float* from = x.Block(b), second = z.Block(b);
            for (int half = 0; half < ByteBlocks.Length; half += 16, weights += 16)
            {
                T v = T.Load(from + half), u = T.Load(second + half), w = T.Load(weights);
                (s0, t0) = (T.MultiplyAdd(w, v, s0), T.MultiplyAdd(w, u, t0));
                w = T.Load(weights + 32);
                (s1, t1) = (T.MultiplyAdd(w, v, s1), T.MultiplyAdd(w, u, t1));
                w = T.Load(weights + 64);
                (s2, t2) = (T.MultiplyAdd(w, v, s2), T.MultiplyAdd(w, u, t2));
                w = T.Load(weights + 96);
                (s3, t3) = (T.MultiplyAdd(w, v, s3), T.MultiplyAdd(w, u, t3));
            }

            weights += 96;
        }

        Store(s0, s1, s2, s3, sums);
        Store(t0, t1, t2, t3, sumsOfSecond);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Add(T sum, sbyte* weights, float scale, T low, T high)
    {
        T factor = T.Broadcast(scale);
        sum = T.MultiplyAdd(T.LoadSBytes(weights) * factor, low, sum);
        return T.MultiplyAdd(T.LoadSBytes(weights + 16) * factor, high, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T s0, T s1, T s2, T s3, float* sums)
    {
        sums[0] = T.Sum(s0);
        sums[1] = T.Sum(s1);
        sums[2] = T.Sum(s2);
        sums[3] = T.Sum(s3);
    }
}
