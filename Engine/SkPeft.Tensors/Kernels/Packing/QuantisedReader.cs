using SkPeft.Tensors.Formats;

namespace SkPeft.Tensors.Kernels;

/// <summary>Takes encoded rows apart into integers, scales and minima, without rounding anything.</summary>
internal static class QuantisedReader
{
    /// <summary>Reads one block into integers and the scales and minima of its groups of 16.</summary>
    internal delegate void BlockReader(ReadOnlySpan<byte> block, Span<sbyte> values, Span<float> scales, Span<float> minima);

    public static void Read(TensorType type, ReadOnlySpan<byte> bytes, QuantisedRow row)
    {
        BlockReader read = Of(type);
        int inputs = type.BlockSize();
        int size = type.BytesPerBlock();
        int groups = inputs / QuantisedRow.Group;
        for (int b = 0; b < row.Values.Length / inputs; b++)
        {
            read(bytes.Slice(b * size, size), row.Values.AsSpan(b * inputs, inputs),
                row.Scales.AsSpan(b * groups, groups), row.Minima.AsSpan(b * groups, groups));
        }
    }

    private static BlockReader Of(TensorType type) => type switch
    {
        TensorType.Q4_0 => ShortBlocks.ReadQ4_0,
        TensorType.Q4_1 => ShortBlocks.ReadQ4_1,
        TensorType.Q5_0 => ShortBlocks.ReadQ5_0,
        TensorType.Q5_1 => ShortBlocks.ReadQ5_1,
        TensorType.Q8_0 => ShortBlocks.ReadQ8_0,
        TensorType.IQ4_NL => ShortBlocks.ReadIQ4_NL,
        TensorType.Q2_K => SuperBlocks.ReadQ2_K,
        TensorType.Q3_K => SuperBlocks.ReadQ3_K,
        TensorType.Q4_K => SuperBlocks.ReadQ4_K,
        TensorType.Q5_K => SuperBlocks.ReadQ5_K,
        TensorType.Q6_K => SuperBlocks.ReadQ6_K,
        TensorType.IQ4_XS => SuperBlocks.ReadIQ4_XS,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a quantised type"),
    };
}
