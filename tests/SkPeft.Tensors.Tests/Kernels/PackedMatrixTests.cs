using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

public sealed class PackedMatrixTests
{
    public static TheoryData<TensorType> Types => new(Enum.GetValues<TensorType>().Where(t => t.IsReadableAsFloat()));

    [Theory]
    [MemberData(nameof(Types))]
    public void DequantizeRow_EveryFormat_GivesTheStoredValuesExactly(TensorType type)
    {
        foreach (int rows in new[] { 1, 15, 16, 17, 35 })
        {
            var source = new EncodedSource(type, rows, type.BlockSize() * 2, seed: rows);
            using PackedMatrix matrix = MatrixPacker.Pack(source);
            (matrix.Rows, matrix.Columns).ShouldBe((rows, source.Columns));
            var row = new float[source.Columns];
            for (int r = 0; r < rows; r++)
            {
                matrix.DequantizeRow(r, row);
                row.ShouldBe(source.Row(r));
            }
        }
    }

    [Theory]
    [InlineData(TensorType.F32, 7)]
    [InlineData(TensorType.F16, 33)]
    [InlineData(TensorType.BF16, 1)]
    public void DequantizeRow_WidthOfNoBlock_IsPaddedOnlyInside(TensorType type, int columns)
    {
        var source = new EncodedSource(type, 18, columns, seed: 5);
        using PackedMatrix matrix = MatrixPacker.Pack(source);
        var row = new float[columns];
        matrix.DequantizeRow(17, row);
        row.ShouldBe(source.Row(17));
    }

    [Theory]
    [InlineData(TensorType.Q4_1, TensorType.Q4_1, false)]
    [InlineData(TensorType.Q4_K, TensorType.Q6_K, false)]
    [InlineData(TensorType.Q4_0, TensorType.Q5_1, false)]
    [InlineData(TensorType.Q8_0, TensorType.IQ4_XS, false)]
    [InlineData(TensorType.F16, TensorType.BF16, true)]
    [InlineData(TensorType.F32, TensorType.Q3_K, true)]
    public void Pack_FusedMatricesOfAnyFormats_KeepsEveryValue(TensorType first, TensorType second, bool becomesSingle)
    {
        var a = new EncodedSource(first, 19, 256, seed: 1);
        var b = new EncodedSource(second, 6, 256, seed: 2);
        using PackedMatrix matrix = MatrixPacker.Pack([a, b]);
        (matrix.Kind == PanelKind.Single).ShouldBe(becomesSingle);
        var row = new float[256];
        for (int r = 0; r < 25; r++)
        {
            matrix.DequantizeRow(r, row);
            row.ShouldBe(r < 19 ? a.Row(r) : b.Row(r - 19));
        }
    }

    [Fact]
    public void Pack_WithOrderAndTeam_PermutesRows()
    {
        var source = new EncodedSource(TensorType.Q8_0, 50, 64, seed: 3);
        int[] order = [.. Enumerable.Range(0, 50).Select(i => i * 7 % 50)];
        using var team = new WorkerTeam(3);
        using PackedMatrix matrix = MatrixPacker.Pack([source], order, team);
        var row = new float[64];
        for (int r = 0; r < 50; r++)
        {
            matrix.DequantizeRow(r, row);
            row.ShouldBe(source.Row(order[r]));
        }
    }

    [Theory]
    [InlineData(TensorType.Q4_1)]
    [InlineData(TensorType.Q6_K)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    public void Pack_InfiniteAndUndefinedScales_AreKeptAsStored(TensorType type)
    {
        var source = new EncodedSource(type, 2, 256, seed: 4);
        int at = type == TensorType.Q6_K ? 208 : 0;
        ReadOnlySpan<byte> infinity = type == TensorType.BF16 ? [0x80, 0x7F] : [0x00, 0x7C];
        infinity.CopyTo(source.Bytes[at..]);
        using PackedMatrix matrix = MatrixPacker.Pack(source);
        var row = new float[256];
        matrix.DequantizeRow(0, row);
        row.ShouldBe(source.Row(0));
        row.ShouldContain(v => !float.IsFinite(v));
    }

    [Theory]
    [InlineData(new[] { 0, 1 }, "lists 2 rows")]
    [InlineData(new[] { 0, 1, 1 }, "entry 2 is 1")]
    [InlineData(new[] { 0, 1, 3 }, "entry 2 is 3")]
    [InlineData(new[] { -1, 1, 2 }, "entry 0 is -1")]
    public void Pack_OrderThatIsNoPermutation_IsRefused(int[] order, string expected)
    {
        MatrixSource source = MatrixSource.FromFloats(new float[12], 3, 4);
        Should.Throw<ArgumentException>(() => MatrixPacker.Pack([source], order)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Pack_DifferentWidths_AreRefused()
    {
        MatrixSource[] sources = [MatrixSource.FromFloats(new float[4], 1, 4), MatrixSource.FromFloats(new float[3], 1, 3)];
        Should.Throw<ArgumentException>(() => MatrixPacker.Pack(sources)).Message.ShouldContain("4, 3");
    }

    [Fact]
    public void DequantizeRow_RowOutOfRange_Throws()
    {
        using PackedMatrix matrix = MatrixPacker.Pack(MatrixSource.FromFloats(new float[4], 1, 4));
        Should.Throw<ArgumentOutOfRangeException>(() => matrix.DequantizeRow(1, new float[4]));
        Should.Throw<ArgumentOutOfRangeException>(() => matrix.DequantizeRow(-1, new float[4]));
        Should.Throw<ArgumentException>(() => matrix.DequantizeRow(0, new float[3]));
    }

    [Theory]
    [InlineData(TensorType.Q8_0, 34 * 2, 2, 32, true)]
    [InlineData(TensorType.Q8_0, (34 * 2) - 1, 2, 32, false)]
    [InlineData(TensorType.Q8_0, 34 * 2, 2, 33, false)]
    [InlineData(TensorType.F16, 6, 1, 3, true)]
    [InlineData(TensorType.I8, 4, 1, 4, false)]
    public void FromBytes_LengthThatDoesNotFit_IsRefused(TensorType type, int length, int rows, int columns, bool fits)
    {
        Action make = () => MatrixSource.FromBytes(type, new byte[length], rows, columns);
        if (fits)
        {
            make.ShouldNotThrow();
        }
        else
        {
            make.ShouldThrow<ArgumentException>().Message.ShouldContain(type.ToString());
        }
    }
}
