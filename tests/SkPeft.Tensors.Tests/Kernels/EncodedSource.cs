using System.Runtime.InteropServices;
using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>Random rows in any stored format, decoded by the reference decoders of Formats.</summary>
internal sealed class EncodedSource : MatrixSource
{
    private readonly byte[] _bytes;
    private readonly int _rowBytes;

    public EncodedSource(TensorType type, int rows, int columns, int seed)
        : base(type, rows, columns)
    {
        (columns % type.BlockSize()).ShouldBe(0);
        _rowBytes = columns / type.BlockSize() * type.BytesPerBlock();
        _bytes = new byte[rows * _rowBytes];
        var random = new Random(seed);
        random.NextBytes(_bytes);
        for (int at = 0; at < _bytes.Length; at += type.BytesPerBlock())
        {
            TameScales(type, _bytes.AsSpan(at, type.BytesPerBlock()), random);
        }
    }

    public Span<byte> Bytes => _bytes;

    public float[] Row(int row)
    {
        var values = new float[Columns];
        DequantizeRow(row, values);
        return values;
    }

    internal override ReadOnlySpan<byte> RowBytes(int row) => _bytes.AsSpan(row * _rowBytes, _rowBytes);

    internal override void DequantizeRow(int row, Span<float> to) => TensorTypeInfo.Of(Type).Decoder!(RowBytes(row), to);

    // Any bits make legal integers, but floats among random bytes would be infinite or far apart.
    private static void TameScales(TensorType type, Span<byte> block, Random random)
    {
        switch (type)
        {
            case TensorType.F32:
                MemoryMarshal.Write(block, (float)((random.NextDouble() * 2) - 1));
                return;
            case TensorType.BF16:
                MemoryMarshal.Write(block, (ushort)(BitConverter.SingleToUInt32Bits((float)((random.NextDouble() * 2) - 1)) >> 16));
                return;
        }

        foreach (int at in HalvesIn(type))
        {
            // One in eight is subnormal.
            double size = random.Next(8) == 0 ? 5e-5 : 1;
            MemoryMarshal.Write(block[at..], (Half)(((random.NextDouble() * 2) - 1) * size));
        }
    }

    private static int[] HalvesIn(TensorType type) => type switch
    {
        TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K => [0, 2],
        TensorType.Q2_K => [80, 82],
        TensorType.Q3_K => [108],
        TensorType.Q6_K => [208],
        _ => [0],
    };
}
