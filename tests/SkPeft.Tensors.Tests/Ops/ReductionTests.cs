using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Ops;

public sealed class ReductionTests
{
    [Fact]
    public void Sum_OverEveryAxis_RemovesIt()
    {
        Tensor x = Plain.Random(1, 2, 3, 4);

        Plain.ShouldBe(x.Sum(0), 3, 4, (j, k) => Plain.At(x, 0, j, k) + Plain.At(x, 1, j, k));
        Plain.ShouldBe(x.Sum(1), 2, 4, (i, k) => Plain.At(x, i, 0, k) + Plain.At(x, i, 1, k) + Plain.At(x, i, 2, k));
        Plain.ShouldBe(x.Sum(-1), 2, 3, (i, j) => Enumerable.Range(0, 4).Sum(k => Plain.At(x, i, j, k)));
        Plain.Of(1, 2, 4).Sum(0).Data.ToArray().ShouldBe([7f]);
        new Tensor(0, 2).Sum(0).Data.ToArray().ShouldBe([0f, 0f]);
    }

    [Fact]
    public void RowNorms_OfRows_AreColumnsThatDivideThem()
    {
        Tensor x = Plain.Random(2, 5, 9);

        Plain.ShouldBe(x.RowNorms(), 5, 1, (i, _) => Math.Sqrt(Enumerable.Range(0, 9).Sum(k => Plain.At(x, i, k) * Plain.At(x, i, k))));
        Plain.ShouldBe(x.Divide(x.RowNorms()).RowNorms(), 5, 1, (_, _) => 1);
        new Tensor(2, 0).RowNorms().Data.ToArray().ShouldBe([0f, 0f]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Softmax_AlongEitherAxis_SumsToOneThere(int axis)
    {
        Tensor x = Plain.Random(3, 6, 4);

        Plain.ShouldBe(x.Softmax(axis), 6, 4, (i, j) => Math.Exp(Plain.At(x, i, j)) / (axis == 0
            ? Enumerable.Range(0, 6).Sum(k => Math.Exp(Plain.At(x, k, j)))
            : Enumerable.Range(0, 4).Sum(k => Math.Exp(Plain.At(x, i, k)))));
    }

    [Fact]
    public void Softmax_OfHugeValues_DoesNotOverflow()
    {
        Tensor c = Plain.Of(10000, 10000, -10000, float.NegativeInfinity).Softmax(0);

        c.Data.ToArray().ShouldBe([0.5f, 0.5f, 0f, 0f]);
    }

    [Fact]
    public void Softmax_AnAxisThatIsNotThere_NamesTheShape() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Tensor(2, 3).Softmax(2)).Message.ShouldContain("[2, 3]");
}
