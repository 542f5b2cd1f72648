using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Ops;

public sealed class StructuredTests
{
    [Fact]
    public void Inverse_OfAMatrixWithoutOne_NamesIt()
    {
        Tensor matrices = Tensor.From([1, 0, 0, 1, 1, 2, 2, 4], 2, 2, 2);

        Should.Throw<ArgumentException>(() => matrices.Inverse()).Message.ShouldContain("Matrix 1");
        Should.Throw<ArgumentException>(() => new Tensor(1, 2, 3).Inverse()).Message.ShouldContain("[1, 2, 3]");
    }

    [Fact]
    public void Inverse_OfNaN_IsNaN() =>
        Tensor.From([float.NaN, 1, 1, 1], 1, 2, 2).Inverse().Data.ToArray().ShouldAllBe(v => float.IsNaN(v));

    [Fact]
    public void Inverse_TimesTheMatrix_IsTheIdentity()
    {
        Tensor x = Plain.Random(1, 3, 32, 32);
        Tensor product = x.MatMulBatched(x.Inverse());

        for (int i = 0; i < 3; i++)
        {
            Plain.ShouldBe(product.Slice(0, i, 1).Reshape(32, 32), 32, 32, (row, column) => row == column ? 1 : 0, 1e-4);
        }
    }

    [Fact]
    public void TheCayleyTransformOfASkewSymmetricMatrix_IsARotation()
    {
        Tensor skew = Plain.Random(2, 2, 28).SkewSymmetric(8);
        Tensor one = TensorOps.Concat(0, Identity(8), Identity(8)).Reshape(2, 8, 8);
        Tensor rotation = one.Subtract(skew).MatMulBatched(one.Add(skew).Inverse());

        Tensor product = rotation.MatMulBatched(rotation.Permute(0, 2, 1));

        Plain.ShouldBe(product.Subtract(one).Reshape(16, 8), 16, 8, (_, _) => 0, 1e-5);
    }

    [Fact]
    public void ShapesThatDoNotFit_AreNamed()
    {
        Should.Throw<ArgumentException>(() => new Tensor(2, 5).SkewSymmetric(4)).Message.ShouldContain("[count, 6]");
        Should.Throw<ArgumentException>(() => new Tensor(2, 3, 4).MatMulBatched(new Tensor(2, 3, 4))).Message.ShouldContain("[2, 3, 4]");
        Should.Throw<ArgumentException>(() => new Tensor(5, 7).MatMulBlocks(new Tensor(2, 3, 3))).Message.ShouldContain("[5, 7]");
        Should.Throw<ArgumentException>(() => new Tensor(5).Kronecker(new Tensor(2, 3))).Message.ShouldContain("[5]");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 1, 3)]
    [InlineData(0, -4, 2)]
    public void Permute_NotEveryAxisOnce_NamesTheShape(params int[] axes) =>
        Should.Throw<ArgumentException>(() => new Tensor(2, 3, 4).Permute(axes)).Message.ShouldContain("[2, 3, 4]");

    [Fact]
    public void InverseFourier_EntriesThatDoNotFit_AreNamed()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Plain.Of(1, 2).InverseFourier([0, 3], [0, 0], 3, 4)).Message.ShouldContain("Entry 1");
        Should.Throw<ArgumentOutOfRangeException>(() => Plain.Of(1).InverseFourier([0], [-1], 3, 4));
        Should.Throw<ArgumentException>(() => Plain.Of(1, 2).InverseFourier([0], [0, 1], 3, 4)).Message.ShouldContain("1 rows and 2 columns");
    }

    [Fact]
    public void EmptyTensors_GiveEmptyResults()
    {
        new Tensor(0, 3).SkewSymmetric(3).Shape.ToArray().ShouldBe([0, 3, 3]);
        new Tensor(0, 2, 2).Inverse().Shape.ToArray().ShouldBe([0, 2, 2]);
        new Tensor(0, 6).MatMulBlocks(new Tensor(2, 3, 4)).Shape.ToArray().ShouldBe([0, 8]);
        new Tensor(0).InverseFourier([], [], 2, 3).Data.ToArray().ShouldBe(new float[6]);
        new Tensor(0, 2, 3).Permute(2, 0, 1).Shape.ToArray().ShouldBe([3, 0, 2]);
        new Tensor(2, 3, 0).MatMulBatched(new Tensor(2, 0, 2)).Data.ToArray().ShouldBe(new float[12]);
    }

    private static Tensor Identity(int size)
    {
        Tensor one = new(size, size);
        for (int i = 0; i < size; i++)
        {
            one.Row(i)[i] = 1;
        }

        return one;
    }
}
