using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Formats.Quantization;

/// <summary>
/// Steps that the block encoders share. As in the decoders, multiplication and addition stay two operations: a fused one would
/// differ from ggml's reference where a weight lies next to the middle of two steps.
/// </summary>
internal static class BlockMath
{
    /// <summary>
    /// What weights are multiplied by to count in steps of <paramref name="step"/>; 0 where there is no step. So small a step that it
    /// has no inverse counts as none: the half that is stored for it is 0 anyway, and ggml leaves that case to the processor.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Inverse(float step)
    {
        float inverse = step == 0 ? 0 : 1 / step;
        return float.IsFinite(inverse) ? inverse : 0;
    }

    /// <summary>Four bits: <paramref name="steps"/> without its fraction, at most 15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Nibble(float steps) => (byte)Math.Min(15, (int)steps);
}
