using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// 8-bit weights in blocks: value = scale · q, or scale · q + minimum. A step holds 2 inputs: 16 rows × 2 bytes. Activations
/// are int16 with one scale a block, which costs the same instructions as int8 and loses 256 times less.
/// </summary>
internal readonly unsafe struct ByteFormat<TBlock, TScales, TLanes, TWords>
    : IPanelFormat<TLanes, TWords, TWords, ByteFormat<TBlock, TScales, TLanes, TWords>.Scale>
    where TBlock : unmanaged, IBlockLength
    where TScales : unmanaged, IBlockScales
    where TLanes : unmanaged, ILanes<TLanes>
    where TWords : unmanaged, IWords<TWords, TLanes>
{
    public static int BlockInputs => TBlock.Inputs;

    public static int Steps => TBlock.Inputs / 2;

    public static int StepBytes => 32;

    public static int ScaleBytes => TScales.Bytes;

    public static int StepWords => 1;

    public static int ScaleWords => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWords LoadStep(byte* weights) => TWords.LoadWidened((sbyte*)weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scale LoadScale(byte* scales)
    {
        TLanes factor = TScales.Scale<TLanes>(scales);
        return new Scale(factor, TScales.HasMinimum ? TScales.Minimum(scales, factor) : default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWords Begin(TLanes total) => TWords.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWords Add(TWords sum, TWords weights, int* x, int columns) =>
        TWords.AddShortProducts(sum, weights, TWords.Broadcast(x[0]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes End(TLanes total, TWords sum, Scale scale, float* x, int columns)
    {
        total = TLanes.MultiplyAdd(TWords.ToLanes(sum), scale.Factor * TLanes.Broadcast(x[0]), total);
        return TScales.HasMinimum ? TLanes.MultiplyAdd(scale.Minimum, TLanes.Broadcast(x[columns]), total) : total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PackInputs(float* x, int* to, int columns)
    {
        short* quantised = stackalloc short[32];
        TLanes largest = TLanes.Zero;
        for (int i = 0; i < BlockInputs; i += ILanes<TLanes>.Count)
        {
            largest = TLanes.Max(largest, TLanes.Abs(TLanes.Load(x + i)));
        }

        (float scale, float inverse) = Quantisation.Scales(TLanes.Largest(largest), 32767f);
        TLanes sum = TLanes.Zero;
        for (int i = 0; i < BlockInputs; i += ILanes<TLanes>.Count)
        {
            TLanes rounded = TLanes.Round(TLanes.Load(x + i) * TLanes.Broadcast(inverse));
            TLanes.StoreShorts(rounded, quantised + i);
            sum += rounded;
        }

        for (int i = 0; i < Steps; i++)
        {
            to[i * columns] = ((int*)quantised)[i];
        }

        ((float*)to)[Steps * columns] = scale;
        ((float*)to)[(Steps + 1) * columns] = scale * TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(byte* block, float* to)
    {
        Scale scale = LoadScale(block + (Steps * StepBytes));
        for (int step = 0; step < Steps; step++, to += 2 * ILanes<TLanes>.Count)
        {
            TWords pairs = LoadStep(block + (step * StepBytes));
            TLanes even = TWords.LowShorts(pairs) * scale.Factor;
            TLanes odd = TWords.HighShorts(pairs) * scale.Factor;

            // Not fused: the file's own values are rounded after the product.
            TLanes.Store(TScales.HasMinimum ? even + scale.Minimum : even, to);
            TLanes.Store(TScales.HasMinimum ? odd + scale.Minimum : odd, to + ILanes<TLanes>.Count);
        }
    }

    internal readonly struct Scale(TLanes factor, TLanes minimum)
    {
        public readonly TLanes Factor = factor;
        public readonly TLanes Minimum = minimum;
    }
}
