using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Ops;

public sealed class SelectionTests
{
    [Fact]
    public void TopK_EqualElements_ComeInTheirOrder()
    {
        Plain.Of(1, 3, 3, 2, 3).TopK(4, out int[] indices).Data.ToArray().ShouldBe([3f, 3f, 3f, 2f]);

        indices.ShouldBe([1, 2, 4, 3]);
    }

    [Fact]
    public void TopK_MoreThanThereAre_NamesTheShape()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new Tensor(2, 3).TopK(4, out _)).Message.ShouldContain("[2, 3]");
        Should.Throw<ArgumentOutOfRangeException>(() => new Tensor(2, 3).TopK(-1, out _));
        new Tensor(2, 3).TopK(0, out _).Shape.ToArray().ShouldBe([2, 0]);
        new Tensor(0, 3).TopK(2, out _).Shape.ToArray().ShouldBe([0, 2]);
    }

    [Fact]
    public void GatherElements_IndicesThatDoNotFit_Throw()
    {
        Should.Throw<ArgumentException>(() => new Tensor(2, 3).GatherElements([0, 1, 2], 2)).Message.ShouldContain("4 are needed");
        Should.Throw<ArgumentOutOfRangeException>(() => new Tensor(2, 3).GatherElements([0, 3], 1)).Message.ShouldContain("[2, 3]");
    }

    [Fact]
    public void ScatterRows_RowsThatDoNotFit_Throw()
    {
        Tensor table = new(4, 3);

        Should.Throw<ArgumentException>(() => table.ScatterRows([1], new Tensor(2, 3))).Message.ShouldContain("[1, 3] is needed");
        Should.Throw<ArgumentException>(() => table.ScatterRows([1, 1], new Tensor(2, 3))).Message.ShouldContain("Row 1 is given twice");
        Should.Throw<ArgumentOutOfRangeException>(() => table.ScatterRows([4], new Tensor(1, 3))).Message.ShouldContain("[4, 3]");
    }

    [Fact]
    public void ScatterRows_Always_KeepsTheTable()
    {
        Tensor table = new(2, 2);

        table.ScatterRows([1], Tensor.From([5, 6], 1, 2)).Data.ToArray().ShouldBe([0f, 0f, 5f, 6f]);
        table.Data.ToArray().ShouldBe([0f, 0f, 0f, 0f]);
    }

    [Fact]
    public void SoftmaxCrossEntropy_LabelsThatDoNotFit_Throw()
    {
        Should.Throw<ArgumentException>(() => new Tensor(2, 3).SoftmaxCrossEntropy([0])).Message.ShouldContain("1 labels");
        Should.Throw<ArgumentOutOfRangeException>(() => new Tensor(1, 3).SoftmaxCrossEntropy([3]));
    }

    [Fact]
    public void LogSoftmax_OfHugeValues_DoesNotOverflow()
    {
        Plain.Of(10000, 10000, -10000).LogSoftmax(0).Data.ToArray().ShouldBe([-MathF.Log(2), -MathF.Log(2), -20000 - MathF.Log(2)]);
        new Tensor(2, 0).LogSumExp(1).Data.ToArray().ShouldBe([float.NegativeInfinity, float.NegativeInfinity]);
    }
}
