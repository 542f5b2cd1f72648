using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>y += B · m with 8-bit B, 32 outputs at a time: all ranks in their order, so that y is read and written once.</summary>
/// <remarks>No calls that are not inlined inside the loops: the sums stay in registers.</remarks>
internal static unsafe class LowRankUp<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>One row, whose weights are decoded on the way.</summary>
    /// <param name="b">B.</param>
    /// <param name="middle">A factor for each rank.</param>
    /// <param name="y">The row.</param>
    /// <param name="ahead">What to fetch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(ByteBlocks b, float* middle, PaddedRow y, LowRankAhead ahead)
    {
        int ranks = b.Ranks, stride = b.BlockBytes, blocks = b.Count;
        byte* block = b.Start;
        for (int i = 0; i < blocks; i++, block += stride)
        {
            ahead.Fetch(block, stride);
            float* to = y.Block(i), scale = (float*)(block + (ranks * ByteBlocks.Length));
            sbyte* weights = (sbyte*)block;
            T low = T.Load(to), high = T.Load(to + 16);
            for (int r = 0; r < ranks; r++, weights += ByteBlocks.Length)
            {
                T factor = T.Broadcast(scale[r]), m = T.Broadcast(middle[r]);
                low = T.MultiplyAdd(T.LoadSBytes(weights) * factor, m, low);
                high = T.MultiplyAdd(T.LoadSBytes(weights + 16) * factor, m, high);
            }

            T.Store(low, to);
            T.Store(high, to + 16);
        }
    }

    /// <summary>Decodes 32 outputs, [ranks][32].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Decode(ByteBlocks b, int block, float* to)
    {
        byte* from = b.Start + ((long)block * b.BlockBytes);
        float* scale = (float*)(from + (b.Ranks * ByteBlocks.Length));
        for (int r = 0; r < b.Ranks; r++, to += ByteBlocks.Length)
        {
            Decode((sbyte*)from + (r * ByteBlocks.Length), scale[r], to);
        }
    }

    /// <summary>32 outputs of one row, with decoded weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(float* weights, int ranks, float* middle, float* y)
    {
        T low = T.Load(y), high = T.Load(y + 16);
        for (int r = 0; r < ranks; r++, weights += ByteBlocks.Length)
        {
            T m = T.Broadcast(middle[r]);
            low = T.MultiplyAdd(T.Load(weights), m, low);
            high = T.MultiplyAdd(T.Load(weights + 16), m, high);
        }

        T.Store(low, y);
        T.Store(high, y + 16);
    }

    /// <summary>32 outputs of two rows, with decoded weights, which are loaded once for both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(float* weights, int ranks, float* middle, float* middleOfSecond, float* y, float* second)
    {
        T low = T.Load(y), high = T.Load(y + 16), lowOfSecond = T.Load(second), highOfSecond = T.Load(second + 16);
        for (int r = 0; r < ranks; r++, weights += ByteBlocks.Length)
        {
            T m = T.Broadcast(middle[r]), n = T.Broadcast(middleOfSecond[r]), w = T.Load(weights);
            (low, lowOfSecond) = (T.MultiplyAdd(w, m, low), T.MultiplyAdd(w, n, lowOfSecond));
            w = T.Load(weights + 16);
            (high, highOfSecond) = (T.MultiplyAdd(w, m, high), T.MultiplyAdd(w, n, highOfSecond));
        }

        T.Store(low, y);
        T.Store(high, y + 16);
        T.Store(lowOfSecond, second);
        T.Store(highOfSecond, second + 16);
    }

    /// <summary>Decodes 32 values of one rank.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(sbyte* weights, float scale, float* to)
    {
        T factor = T.Broadcast(scale);
        T.Store(T.LoadSBytes(weights) * factor, to);
        T.Store(T.LoadSBytes(weights + 16) * factor, to + 16);
    }
}
