using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// 4-bit weights in blocks of 32: value = scale · q + minimum. A step holds 8 inputs: 16 rows × 4 bytes whose low nibbles are
/// inputs 0–3 and whose high nibbles are inputs 4–7. Activations are int8 with one scale a block:
/// Σ (s·q + m)·(a·x) = s·a·Σ q·x + m·(a·Σ x).
/// </summary>
internal readonly unsafe struct NibbleFormat<TScales, TLanes, TWords>
    : IPanelFormat<TLanes, NibbleFormat<TScales, TLanes, TWords>.Step, TWords, NibbleFormat<TScales, TLanes, TWords>.Scale>
    where TScales : unmanaged, IBlockScales
    where TLanes : unmanaged, ILanes<TLanes>
    where TWords : unmanaged, IWords<TWords, TLanes>
{
    public static int BlockInputs => 32;

    public static int Steps => 4;

    public static int StepBytes => 64;

    public static int ScaleBytes => TScales.Bytes;

    public static int StepWords => 2;

    public static int ScaleWords => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Step LoadStep(byte* weights)
    {
        TWords bytes = TWords.Load(weights);
        return new Step(TWords.LowNibbles(bytes), TWords.HighNibbles(bytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scale LoadScale(byte* scales)
    {
        TLanes scale = TScales.Scale<TLanes>(scales);
        return new Scale(scale, TScales.Minimum(scales, scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWords Begin(TLanes total) => TWords.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWords Add(TWords sum, Step weights, int* x, int columns) => TWords.AddNibbleProducts(
        TWords.AddNibbleProducts(sum, weights.Low, TWords.Broadcast(x[0])), weights.High, TWords.Broadcast(x[columns]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes End(TLanes total, TWords sum, Scale scale, float* x, int columns)
    {
        total = TLanes.MultiplyAdd(TWords.NibbleSum(sum), scale.Factor * TLanes.Broadcast(x[0]), total);
        return TLanes.MultiplyAdd(scale.Minimum, TLanes.Broadcast(x[columns]), total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PackInputs(float* x, int* to, int columns)
    {
        sbyte* quantised = stackalloc sbyte[32];
        TLanes low = TLanes.Load(x);
        TLanes high = TLanes.Load(x + 16);
        (float scale, float inverse) = Quantisation.Scales(TLanes.Largest(TLanes.Max(TLanes.Abs(low), TLanes.Abs(high))), 127f);
        low = TLanes.Round(low * TLanes.Broadcast(inverse));
        high = TLanes.Round(high * TLanes.Broadcast(inverse));
        TLanes.StoreSBytes(low, quantised);
        TLanes.StoreSBytes(high, quantised + 16);
        for (int i = 0; i < 8; i++)
        {
            to[i * columns] = ((int*)quantised)[i];
        }

        ((float*)to)[8 * columns] = scale;
        ((float*)to)[9 * columns] = scale * TLanes.Sum(low + high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(byte* block, float* to)
    {
        Scale scale = LoadScale(block + (Steps * StepBytes));
        for (int step = 0; step < Steps; step++)
        {
            TWords words = TWords.Load(block + (step * StepBytes));
            for (int i = 0; i < 8; i++, to += ILanes<TLanes>.Count)
            {
                // Not fused: the file's own values are rounded after the product.
                TLanes.Store((TWords.Nibble(words, NibbleOrder.Shift(i)) * scale.Factor) + scale.Minimum, to);
            }
        }
    }

    internal readonly struct Step(TWords low, TWords high)
    {
        public readonly TWords Low = low;
        public readonly TWords High = high;
    }

    internal readonly struct Scale(TLanes factor, TLanes minimum)
    {
        public readonly TLanes Factor = factor;
        public readonly TLanes Minimum = minimum;
    }
}
