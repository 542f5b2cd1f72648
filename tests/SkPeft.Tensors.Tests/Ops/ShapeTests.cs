using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Ops;

public sealed class ShapeTests
{
    [Fact]
    public void Slice_OfEveryAxis_TakesThePart()
    {
        Tensor x = Plain.Random(1, 4, 5);

        Plain.ShouldBe(x.Slice(0, 1, 2), 2, 5, (i, j) => Plain.At(x, i + 1, j), 1e-12);
        Plain.ShouldBe(x.Slice(1, 2, 3), 4, 3, (i, j) => Plain.At(x, i, j + 2), 1e-12);
        Plain.ShouldBe(x.Slice(-1, 5, 0), 4, 0, (_, _) => 0, 1e-12);
    }

    [Fact]
    public void Slice_OfAMiddleAxis_KeepsTheOuterAndInnerOrder()
    {
        Tensor x = Plain.Random(2, 2, 3, 2);

        Plain.ShouldBe(x.Slice(1, 2, 1).Reshape(2, 2), 2, 2, (i, k) => Plain.At(x, i, 2, k), 1e-12);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 5)]
    [InlineData(3, 2)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    [InlineData(0, -1)]
    public void Slice_OutsideTheAxis_Throws(int start, int count) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Tensor(4, 5).Slice(0, start, count));

    [Fact]
    public void Concat_AlongAnAxis_InvertsSlice()
    {
        Tensor x = Plain.Random(3, 3, 4, 2);
        for (int axis = 0; axis < 3; axis++)
        {
            Tensor joined = TensorOps.Concat(axis, x.Slice(axis, 0, 1), x.Slice(axis, 1, 0), x.Slice(axis, 1, x[axis] - 1));

            joined.ShapeText.ShouldBe(x.ShapeText);
            joined.Data.ToArray().ShouldBe(x.Data.ToArray());
        }
    }

    [Fact]
    public void Concat_OtherExtentsDiffer_NamesBothShapes()
    {
        Should.Throw<ArgumentException>(() => TensorOps.Concat(0, new Tensor(1, 2), new Tensor(1, 3))).Message.ShouldContain("[1, 2] and [1, 3]");
        Should.Throw<ArgumentException>(() => TensorOps.Concat(0, new Tensor(2), new Tensor(1, 2)));
        Should.Throw<ArgumentException>(() => TensorOps.Concat(0));
    }

    [Fact]
    public void Reshape_OfAll_KeepsTheOrder()
    {
        Plain.Of(1, 2, 3, 4, 5, 6).Reshape(2, 3).Row(1).ToArray().ShouldBe([4f, 5f, 6f]);
        Should.Throw<ArgumentException>(() => new Tensor(6).Reshape(4));
    }

    [Fact]
    public void Gather_RowsInAnyOrder_CopiesThem()
    {
        Tensor table = Plain.Random(4, 5, 3);
        int[] rows = [4, 0, 4];

        Plain.ShouldBe(table.Gather(rows), 3, 3, (i, j) => Plain.At(table, rows[i], j), 1e-12);
        table.Gather([]).Shape.ToArray().ShouldBe([0, 3]);
        Should.Throw<ArgumentOutOfRangeException>(() => table.Gather([5])).Message.ShouldContain("[5, 3]");
        Should.Throw<ArgumentOutOfRangeException>(() => table.Gather([-1]));
    }
}
