using SkPeft.Tensors.LinearAlgebra;
using SkPeft.Tensors.Ops;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.LinearAlgebra;

public sealed class HouseholderQrTests
{
    [Theory]
    [InlineData(7, 5, 5)]
    [InlineData(5, 7, 5)]
    [InlineData(6, 6, 6)]
    [InlineData(1, 4, 1)]
    public void Of_AllColumns_GivesFactorsOfTheMatrix(int rows, int columns, int count)
    {
        Tensor w = RandomTensors.Normal(new Random(3), 1, rows, columns);

        (Tensor q, Tensor r) = HouseholderQr.Of(w, count);

        Orthonormal(q);
        Close(q.MatMul(r), w);
        for (int row = 0; row < count; row++)
        {
            for (int column = 0; column < row; column++)
            {
                r.Row(row)[column].ShouldBe(0);
            }
        }
    }

    [Fact]
    public void Of_SomeColumns_GivesTheFirstOfAll()
    {
        Tensor w = RandomTensors.Normal(new Random(4), 1, 9, 6);
        (Tensor allQ, Tensor allR) = HouseholderQr.Of(w, 6);

        (Tensor q, Tensor r) = HouseholderQr.Of(w, 2);

        Close(q, allQ.Slice(1, 0, 2));
        Close(r, allR.Slice(0, 0, 2));
    }

    [Fact]
    public void Of_SignsAreLapacks()
    {
        // The first element of R is minus the length of the first column, for a column that begins with a positive number.
        (Tensor q, Tensor r) = HouseholderQr.Of(Tensor.From([3, 1, 4, 2], 2, 2), 2);

        r.Data[0].ShouldBe(-5, 1e-5);
        q.Data[0].ShouldBe(-0.6f, 1e-6);
        q.Data[2].ShouldBe(-0.8f, 1e-6);
    }

    [Fact]
    public void Of_AColumnOfZeros_IsNoHindrance()
    {
        Tensor w = Tensor.From([0, 1, 0, 2, 0, 2], 3, 2);

        (Tensor q, Tensor r) = HouseholderQr.Of(w, 2);

        Orthonormal(q);
        Close(q.MatMul(r), w);
    }

    [Fact]
    public void Of_MoreColumnsThanThereAre_IsRefused() => Should.Throw<ArgumentOutOfRangeException>(() => HouseholderQr.Of(new Tensor(3, 2), 3));

    internal static void Orthonormal(Tensor q)
    {
        Tensor products = q.TransposedMatMul(q);
        for (int i = 0; i < products[0]; i++)
        {
            for (int j = 0; j < products[1]; j++)
            {
                products.Row(i)[j].ShouldBe(i == j ? 1 : 0, 1e-5, $"columns {i} and {j}");
            }
        }
    }

    internal static void Close(Tensor found, Tensor expected, double tolerance = 1e-5)
    {
        found.ShapeText.ShouldBe(expected.ShapeText);
        for (int i = 0; i < found.Length; i++)
        {
            found.Data[i].ShouldBe(expected.Data[i], tolerance);
        }
    }
}
