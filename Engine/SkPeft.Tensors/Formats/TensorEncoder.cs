using System.Numerics.Tensors;

namespace SkPeft.Tensors.Formats;

/// <summary>Encodes fp32 numbers: F32, F16, BF16, Q8_0, Q4_0 and Q4_1, the quantised ones bit for bit as ggml's reference.</summary>
public static class TensorEncoder
{
    /// <summary>Encodes whole blocks, for instance a row.</summary>
    /// <param name="type">The type; see <see cref="TensorTypeExtensions.IsWritable"/>.</param>
    /// <param name="values">As many numbers as the blocks hold.</param>
    /// <param name="to">As many bytes as the blocks take.</param>
    /// <param name="bad">Where this returns false, the first number that the type cannot hold: not finite, or beyond its range.</param>
    /// <exception cref="ArgumentException">A type that cannot be written, or lengths that are no whole number of blocks.</exception>
    public static bool TryEncode(TensorType type, ReadOnlySpan<float> values, Span<byte> to, out int bad)
    {
        TensorTypeInfo info = TensorTypeInfo.Of(type);
        if (info.Encoder is not { } encode)
        {
            throw new ArgumentException($"{type} cannot be written; {TensorTypeInfo.WritableTypes} can.", nameof(type));
        }

        if (values.Length % info.BlockSize != 0 || to.Length != values.Length / info.BlockSize * info.BytesPerBlock)
        {
            throw new ArgumentException($"{values.Length} numbers in {to.Length} bytes are no whole blocks of {type}.", nameof(to));
        }

        bad = -1;
        float largest = values.IsEmpty || type == TensorType.F32 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(values));
        if (!float.IsFinite(largest))
        {
            bad = FirstThatIsNotFinite(values);
            return false;
        }

        encode(values, to);

        // Every type but F32 and BF16 rests on halves, and no half is infinite where all numbers are in its range.
        bad = largest > (float)Half.MaxValue ? FirstThatIsNotFinite(Decode(info, values.Length, to)) : -1;
        return bad < 0;
    }

    private static float[] Decode(TensorTypeInfo info, int count, ReadOnlySpan<byte> encoded)
    {
        float[] decoded = new float[count];
        info.Decoder!(encoded, decoded);
        return decoded;
    }

    private static int FirstThatIsNotFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
