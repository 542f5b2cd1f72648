using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// 8-bit weights in blocks: value = scale · q, or scale · q + minimum. A step holds 2 inputs: 16 rows × 2 bytes. Activations
/// are int16 with one scale a block, which costs the same instructions as int8 and loses 256 times less.
/// </summary>
internal readonly unsafe struct ByteFormat<TBlock, TScales, TLanes, TWords>
    : IPanelFormat<TLanes, TWords, TWords, BlockScale<TLanes>>
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
    public static BlockScale<TLanes> LoadScale(byte* scales) => BlockScale<TLanes>.Load<TScales>(scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWords Begin(TLanes total) => TWords.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWords Add(TWords sum, TWords weights, int* x, int columns) =>
        TWords.AddShortProducts(sum, weights, TWords.Broadcast(x[0]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes End(TLanes total, TWords sum, BlockScale<TLanes> scale, float* x, int columns) =>
        scale.Apply<TScales>(total, TWords.ToLanes(sum), x, columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PackInputs(float* x, float narrow, int* to, int columns)
    {
        short* rounded = stackalloc short[32];
        RoundedBlock block = Quantisation.ToShorts<TLanes>(x, BlockInputs, rounded, narrow);
        for (int i = 0; i < Steps; i++, to += columns)
        {
            to[0] = ((int*)rounded)[i];
        }

        ((float*)to)[0] = block.Scale;
        ((float*)to)[columns] = block.Scale * block.Total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(byte* block, float* to, int stride)
    {
        BlockScale<TLanes> scale = LoadScale(block + (Steps * StepBytes));
        for (int step = 0; step < Steps; step++, to += 2 * stride)
        {
            TWords pairs = LoadStep(block + (step * StepBytes));
            TLanes.Store(scale.Exact<TScales>(TWords.LowShorts(pairs)), to);
            TLanes.Store(scale.Exact<TScales>(TWords.HighShorts(pairs)), to + stride);
        }
    }
}
