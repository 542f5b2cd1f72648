namespace SkPeft.Tensors.Formats.Quantization;

/// <summary>
/// Q4_0 and Q4_1 as ggml's <c>quantize_row_q4_0_ref</c> and <c>quantize_row_q4_1_ref</c>. A byte holds weight i (low nibble) and weight
/// i + 16 of its block.
/// </summary>
internal static class Q4Encoder
{
    /// <summary>d = (weight of the largest magnitude, with its sign) / −8; q = weight / d + 8.</summary>
    public static void EncodeQ4_0(ReadOnlySpan<float> from, Span<byte> to)
    {
        for (; from.Length > 0; from = from[32..])
        {
            ReadOnlySpan<float> block = from[..32];
            float d = Largest(block) / -8;
            to = FloatEncoders.WriteHalf(to, d);
            to = WriteNibbles(block, to, 0, BlockMath.Inverse(d), 8.5f);
        }
    }

    /// <summary>m = least weight, d = (greatest − least) / 15; q = (weight − m) / d.</summary>
    public static void EncodeQ4_1(ReadOnlySpan<float> from, Span<byte> to)
    {
        for (; from.Length > 0; from = from[32..])
        {
            ReadOnlySpan<float> block = from[..32];
            (float least, float greatest) = Range(block);
            float d = (greatest - least) / 15;
            to = FloatEncoders.WriteHalf(to, d);
            to = FloatEncoders.WriteHalf(to, least);
            to = WriteNibbles(block, to, least, BlockMath.Inverse(d), 0.5f);
        }
    }

    // Of two with the same magnitude the first, whatever its sign.
    private static float Largest(ReadOnlySpan<float> block)
    {
        float largest = 0;
        foreach (float weight in block)
        {
            largest = Math.Abs(weight) > Math.Abs(largest) ? weight : largest;
        }

        return largest;
    }

    // Of a zero and a negative zero the first: the library's minimum would take the negative one.
    private static (float Least, float Greatest) Range(ReadOnlySpan<float> block)
    {
        (float least, float greatest) = (block[0], block[0]);
        foreach (float weight in block)
        {
            least = weight < least ? weight : least;
            greatest = weight > greatest ? weight : greatest;
        }

        return (least, greatest);
    }

    private static Span<byte> WriteNibbles(ReadOnlySpan<float> block, Span<byte> to, float least, float inverse, float offset)
    {
        for (int i = 0; i < 16; i++)
        {
            byte low = BlockMath.Nibble((block[i] - least) * inverse + offset);
            byte high = BlockMath.Nibble((block[i + 16] - least) * inverse + offset);
            to[i] = (byte)(low | (high << 4));
        }

        return to[16..];
    }
}
