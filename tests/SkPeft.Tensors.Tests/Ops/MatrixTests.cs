using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Ops;

public sealed class MatrixTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 17, 5)]
    [InlineData(5, 1, 33)]
    [InlineData(0, 4, 3)]
    [InlineData(4, 0, 3)]
    [InlineData(4, 3, 0)]
    public void MatMul_AnyExtents_SumsOverTheInnerOne(int n, int k, int m)
    {
        Tensor a = Plain.Random(1, n, k);
        Tensor b = Plain.Random(2, k, m);

        Plain.ShouldBe(a.MatMul(b), n, m, (i, j) => Enumerable.Range(0, k).Sum(x => Plain.At(a, i, x) * Plain.At(b, x, j)));
        Plain.ShouldBe(a.MatMulTransposed(b.Transpose()), n, m, (i, j) => Enumerable.Range(0, k).Sum(x => Plain.At(a, i, x) * Plain.At(b, x, j)));
        Plain.ShouldBe(a.Transpose().TransposedMatMul(b), n, m, (i, j) => Enumerable.Range(0, k).Sum(x => Plain.At(a, i, x) * Plain.At(b, x, j)));
    }

    [Theory]
    [InlineData(9, 20, 37)]
    [InlineData(4, 3, 64)]
    [InlineData(3, 50, 7)]
    public void MatMul_InBlocksOrNot_RoundsTwiceATermInTheOrderOfTheSum(int n, int k, int m)
    {
        Tensor a = Plain.Random(1, n, k);
        Tensor b = Plain.Random(2, k, m);
        float[] expected = new float[n * m];
        for (int at = 0; at < expected.Length; at++)
        {
            for (int x = 0; x < k; x++)
            {
                float term = b.Data[(x * m) + (at % m)] * a.Data[(at / m * k) + x];
                expected[at] += term;
            }
        }

        a.MatMul(b).Data.ToArray().ShouldBe(expected);
        a.Transpose().TransposedMatMul(b).Data.ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Transpose_OfAMatrix_SwapsIndices()
    {
        Tensor x = Plain.Random(3, 3, 7);

        Plain.ShouldBe(x.Transpose(), 7, 3, (i, j) => Plain.At(x, j, i), 1e-12);
        Tensor large = Plain.Random(4, 35, 50);
        Plain.ShouldBe(large.Transpose(), 50, 35, (i, j) => Plain.At(large, j, i), 1e-12);
    }

    [Fact]
    public void MatMul_OnAViewIntoALargerTensor_ReadsItsOwnRowsOnly()
    {
        Tensor x = Plain.Random(4, 6, 3).Rows(2, 2);
        Tensor w = Plain.Random(5, 8, 3).Rows(5, 3);

        Plain.ShouldBe(x.MatMulTransposed(w), 2, 3, (i, j) => Enumerable.Range(0, 3).Sum(k => Plain.At(x, i, k) * Plain.At(w, j, k)));
    }

    [Fact]
    public void MatMul_InnerExtentsDiffer_NamesBothShapes()
    {
        Should.Throw<ArgumentException>(() => new Tensor(2, 3).MatMul(new Tensor(2, 3))).Message.ShouldContain("[2, 3]");
        Should.Throw<ArgumentException>(() => new Tensor(2, 3).MatMulTransposed(new Tensor(3, 2))).Message.ShouldContain("[3, 2]");
        Should.Throw<ArgumentException>(() => new Tensor(2, 3).TransposedMatMul(new Tensor(3, 2)));
        Should.Throw<ArgumentException>(() => new Tensor(3).MatMul(new Tensor(3, 2))).Message.ShouldContain("[3]");
        Should.Throw<ArgumentException>(() => new Tensor(1, 2, 3).Transpose());
    }
}
