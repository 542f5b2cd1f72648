namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>The twelve bytes of Q4_K and Q5_K: eight scales and eight minima of six bits.</summary>
internal static class SixBitScales
{
    public static (int Scale, int Minimum) Get(ReadOnlySpan<byte> packed, int group) => group < 4
        ? (packed[group] & 63, packed[group + 4] & 63)
        : ((packed[group + 4] & 15) | ((packed[group - 4] >> 6) << 4), (packed[group + 4] >> 4) | ((packed[group] >> 6) << 4));
}
