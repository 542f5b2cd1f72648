using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Unquantised panels: [input][16 rows] of fp32, fp16 or bfloat16, met by fp32 activations.</summary>
internal readonly unsafe struct FloatFormat<TElement, TLanes> : IPanelFormat<TLanes, TLanes, TLanes, FloatFormat<TElement, TLanes>.None>
    where TElement : unmanaged, IPanelElement
    where TLanes : unmanaged, ILanes<TLanes>
{
    public static int BlockInputs => 4;

    public static int Steps => 4;

    public static int StepBytes => TElement.Bytes * ILanes<TLanes>.Count;

    public static int ScaleBytes => 0;

    public static int StepWords => 1;

    public static int ScaleWords => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes LoadStep(byte* weights) => TElement.Load<TLanes>(weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static None LoadScale(byte* scales) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Begin(TLanes total) => total;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Add(TLanes sum, TLanes weights, int* x, int columns) =>
        TLanes.MultiplyAdd(TLanes.Broadcast(*(float*)x), weights, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes End(TLanes total, TLanes sum, None scale, float* x, int columns) => sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PackInputs(float* x, float narrow, int* to, int columns)
    {
        for (int i = 0; i < BlockInputs; i++)
        {
            ((float*)to)[i * columns] = x[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(byte* block, float* to, int stride)
    {
        for (int i = 0; i < BlockInputs; i++)
        {
            TLanes.Store(LoadStep(block + (i * StepBytes)), to + (i * stride));
        }
    }

    /// <summary>There are no scales.</summary>
    internal readonly struct None;
}
