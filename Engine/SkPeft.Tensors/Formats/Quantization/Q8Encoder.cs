using System.Numerics.Tensors;

namespace SkPeft.Tensors.Formats.Quantization;

/// <summary>Q8_0 as ggml's <c>quantize_row_q8_0_ref</c>: d = largest magnitude / 127, q = weight / d, halves away from zero.</summary>
internal static class Q8Encoder
{
    public static void EncodeQ8_0(ReadOnlySpan<float> from, Span<byte> to)
    {
        for (; from.Length > 0; from = from[32..])
        {
            ReadOnlySpan<float> block = from[..32];
            float d = Math.Abs(TensorPrimitives.MaxMagnitude(block)) / 127;
            float inverse = BlockMath.Inverse(d);
            to = FloatEncoders.WriteHalf(to, d);
            for (int i = 0; i < block.Length; i++)
            {
                to[i] = (byte)(sbyte)Round(block[i] * inverse);
            }

            to = to[32..];
        }
    }

    // The largest float below one half: with it no sum is rounded up to the next whole number that should not be.
    private static float Round(float value) => value + MathF.CopySign(0.49999997f, value);
}
