using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// 4-bit weights in blocks of 32: value = scale · q + minimum. A step holds 8 inputs: 16 rows × 32 bits, see
/// <see cref="NibbleOrder"/>. Activations are int16 with one scale a block: Σ (s·q + m)·(a·x) = s·a·Σ q·x + m·(a·Σ x).
/// </summary>
/// <remarks>
/// LLaMA's normalised activations have outliers: on SmolLM2 int8 throughout moves the next-token distribution by a KL divergence of 3e-3,
/// int16 by 1e-7. <see cref="Precision.Int8"/> keeps 16 bits where the outliers are.
/// </remarks>
internal readonly unsafe struct NibbleFormat<TScales, TLanes, TWords>
    : IPanelFormat<TLanes, NibbleFormat<TScales, TLanes, TWords>.Step, TWords, BlockScale<TLanes>>
    where TScales : unmanaged, IBlockScales
    where TLanes : unmanaged, ILanes<TLanes>
    where TWords : unmanaged, IWords<TWords, TLanes>
{
    public static int BlockInputs => 32;

    public static int Steps => 4;

    public static int StepBytes => 64;

    public static int ScaleBytes => TScales.Bytes;

    public static int StepWords => 4;

    public static int ScaleWords => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Step LoadStep(byte* weights)
    {
        TWords words = TWords.Load(weights);
        return new Step(
            TWords.ShortNibbles(words, 0), TWords.ShortNibbles(words, 4), TWords.ShortNibbles(words, 8), TWords.ShortNibbles(words, 12));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockScale<TLanes> LoadScale(byte* scales) => BlockScale<TLanes>.Load<TScales>(scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWords Begin(TLanes total) => TWords.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWords Add(TWords sum, Step weights, int* x, int columns)
    {
        sum = TWords.AddShortProducts(sum, weights.A, TWords.Broadcast(x[0]));
        sum = TWords.AddShortProducts(sum, weights.B, TWords.Broadcast(x[columns]));
        sum = TWords.AddShortProducts(sum, weights.C, TWords.Broadcast(x[2 * columns]));
        return TWords.AddShortProducts(sum, weights.D, TWords.Broadcast(x[3 * columns]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes End(TLanes total, TWords sum, BlockScale<TLanes> scale, float* x, int columns) =>
        scale.Apply<TScales>(total, TWords.ToLanes(sum), x, columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PackInputs(float* x, float narrow, int* to, int columns)
    {
        short* rounded = stackalloc short[32];
        RoundedBlock block = Quantisation.ToShorts<TLanes>(x, BlockInputs, rounded, narrow);
        for (int step = 0; step < Steps; step++, rounded += 8, to += StepWords * columns)
        {
            // Pairs in the order of the nibbles of a 16-bit half: see NibbleOrder.
            to[0] = Pair(rounded[0], rounded[2]);
            to[columns] = Pair(rounded[4], rounded[6]);
            to[2 * columns] = Pair(rounded[1], rounded[3]);
            to[3 * columns] = Pair(rounded[5], rounded[7]);
        }

        ((float*)to)[0] = block.Scale;
        ((float*)to)[columns] = block.Scale * block.Total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(byte* block, float* to, int stride)
    {
        BlockScale<TLanes> scale = LoadScale(block + (Steps * StepBytes));
        for (int step = 0; step < Steps; step++)
        {
            TWords words = TWords.Load(block + (step * StepBytes));
            for (int i = 0; i < 8; i++, to += stride)
            {
                TLanes.Store(scale.Exact<TScales>(TWords.Nibble(words, NibbleOrder.Shift(i))), to);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pair(short low, short high) => (ushort)low | (high << 16);

    /// <summary>Inputs (0, 2), (4, 6), (1, 3) and (5, 7) as pairs of int16.</summary>
    internal readonly struct Step(TWords a, TWords b, TWords c, TWords d)
    {
        public readonly TWords A = a;
        public readonly TWords B = b;
        public readonly TWords C = c;
        public readonly TWords D = d;
    }
}
