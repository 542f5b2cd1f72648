using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Ops;

public sealed class ElementwiseTests
{
    private static readonly Tensor s_matrix = Plain.Random(1, 4, 5);

    [Fact]
    public void Operations_EqualShapes_WorkElementByElement()
    {
        Tensor b = Plain.Random(2, 4, 5);

        Plain.ShouldBe(s_matrix.Add(b), 4, 5, (i, j) => Plain.At(s_matrix, i, j) + Plain.At(b, i, j));
        Plain.ShouldBe(s_matrix.Subtract(b), 4, 5, (i, j) => Plain.At(s_matrix, i, j) - Plain.At(b, i, j));
        Plain.ShouldBe(s_matrix.Multiply(b), 4, 5, (i, j) => Plain.At(s_matrix, i, j) * Plain.At(b, i, j));
        Plain.ShouldBe(s_matrix.Divide(b), 4, 5, (i, j) => Plain.At(s_matrix, i, j) / Plain.At(b, i, j));
    }

    [Fact]
    public void Operations_RowColumnAndScalar_AreRepeatedOnEitherSide()
    {
        Tensor row = Plain.Random(3, 5);
        Tensor column = Plain.Random(4, 4, 1);
        Tensor scalar = Tensor.From([1.5f]);

        Plain.ShouldBe(s_matrix.Multiply(row), 4, 5, (i, j) => Plain.At(s_matrix, i, j) * Plain.At(row, j));
        Plain.ShouldBe(s_matrix.Divide(column), 4, 5, (i, j) => Plain.At(s_matrix, i, j) / Plain.At(column, i, 0));
        Plain.ShouldBe(row.Subtract(s_matrix), 4, 5, (i, j) => Plain.At(row, j) - Plain.At(s_matrix, i, j));
        Plain.ShouldBe(column.Divide(s_matrix), 4, 5, (i, j) => Plain.At(column, i, 0) / Plain.At(s_matrix, i, j));
        Plain.ShouldBe(column.Subtract(row), 4, 5, (i, j) => Plain.At(column, i, 0) - Plain.At(row, j));
        Plain.ShouldBe(scalar.Subtract(s_matrix), 4, 5, (i, j) => 1.5 - Plain.At(s_matrix, i, j));
        scalar.Add(scalar).Data.ToArray().ShouldBe([3f]);
        scalar.Add(scalar).Rank.ShouldBe(0);
    }

    [Fact]
    public void Multiply_ThreeAxesWithOnesInBoth_FollowsEveryIndex()
    {
        Tensor a = Plain.Random(5, 2, 1, 3);
        Tensor b = Plain.Random(6, 4, 1);

        Tensor c = a.Multiply(b);

        c.Shape.ToArray().ShouldBe([2, 4, 3]);
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                for (int k = 0; k < 3; k++)
                {
                    Plain.At(c, i, j, k).ShouldBe(Plain.At(a, i, 0, k) * Plain.At(b, j, 0), 1e-5);
                }
            }
        }
    }

    [Fact]
    public void Add_AnEmptyTensor_IsEmpty()
    {
        new Tensor(0, 5).Add(new Tensor(5)).Shape.ToArray().ShouldBe([0, 5]);
        new Tensor(1, 5).Add(new Tensor(0, 1)).Shape.ToArray().ShouldBe([0, 5]);
    }

    [Fact]
    public void Add_ShapesThatDoNotBroadcast_NamesBoth() =>
        Should.Throw<ArgumentException>(() => new Tensor(4, 5).Add(new Tensor(4))).Message.ShouldContain("[4, 5] and [4]");

    [Fact]
    public void ScaleAndAddScalar_Always_KeepTheArgument()
    {
        Tensor x = Plain.Of(1, -2, 0);

        x.Scale(-3).Data.ToArray().ShouldBe([-3f, 6f, 0f]);
        x.AddScalar(1).Data.ToArray().ShouldBe([2f, -1f, 1f]);
        x.Data.ToArray().ShouldBe([1f, -2f, 0f]);
    }

    [Fact]
    public void BroadcastTo_ASmallerShape_Repeats()
    {
        Plain.Of(2).BroadcastTo(4).Data.ToArray().ShouldBe([2f, 2f, 2f, 2f]);
        Plain.Of(1, 2).BroadcastTo(2, 2).Data.ToArray().ShouldBe([1f, 2f, 1f, 2f]);
        Should.Throw<ArgumentException>(() => Plain.Of(1, 2).BroadcastTo(2, 1));
        Should.Throw<ArgumentException>(() => Plain.Of(1, 2).BroadcastTo(3));
    }
}
