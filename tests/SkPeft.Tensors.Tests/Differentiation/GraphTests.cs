using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

/// <summary>How gradients travel through a graph and meet.</summary>
public sealed class GraphTests
{
    private readonly Tensor _x = StartValues.Parameter(Plain.Of(2, -3));
    private readonly Tensor _z = StartValues.Parameter(Plain.Of(5, 7));

    [Fact]
    public void ATensorUsedTwiceInOneOperation_GetsBothGradients()
    {
        GradientOf(_x.Multiply(_x)).ShouldBe([4f, -6f]);
        GradientOf(_x.Add(_x)).ShouldBe([2f, 2f]);
        GradientOf(_x.Subtract(_x)).ShouldBe([0f, 0f]);
        GradientOf(_x.Reshape(1, 2).MatMulTransposed(_x.Reshape(1, 2))).ShouldBe([4f, -6f]);
        GradientOf(TensorOps.Concat(0, _x, _x.Scale(3))).ShouldBe([4f, 4f]);
    }

    [Fact]
    public void ASharedSubExpression_IsWalkedOnceWithTheSumOfItsGradients()
    {
        int walks = 0;
        Tensor squared = _x.Square();
        Tensor shared = Operation.Record(squared.Detach(), (gradient, gradients) =>
        {
            walks++;
            gradients.Add(squared, gradient, owned: false);
        }, squared);

        // x² · (x² + 1) has the derivative 4x³ + 2x.
        GradientOf(shared.Multiply(shared.AddScalar(1))).ShouldBe([36f, -114f]);
        walks.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AGradientPassedOnToTwoInputs_IsNotChangedByWhatIsAddedToOne(bool swapped)
    {
        // The sum hands the same tensor to both. The products are older, so they come later, and add to one after the other.
        (Tensor first, Tensor second) = swapped ? (_z, _x) : (_x, _z);
        Tensor ofFirst = first.Scale(10);
        Tensor ofSecond = second.Scale(100);
        Gradients gradients = Gradients.Of(_x.Add(_z).Add(ofFirst).Add(ofSecond).Sum());

        gradients[first]!.Data.ToArray().ShouldBe([11f, 11f]);
        gradients[second]!.Data.ToArray().ShouldBe([101f, 101f]);
    }

    [Fact]
    public void TheSeed_IsNotWrittenTo()
    {
        Tensor seed = Plain.Of(1, 2);

        Gradients gradients = Gradients.Of(_x.Add(_z).Reshape(2), seed);

        gradients[_x]!.Data.ToArray().ShouldBe([1f, 2f]);
        Gradients.Of(_x.Add(_x), seed)[_x]!.Data.ToArray().ShouldBe([2f, 4f]);
        seed.Data.ToArray().ShouldBe([1f, 2f]);
    }

    [Fact]
    public void ALongChain_NeedsNoStack()
    {
        Tensor y = _x;
        for (int i = 0; i < 200_000; i++)
        {
            y = y.AddScalar(1);
        }

        GradientOf(y).ShouldBe([1f, 1f]);
    }

    [Fact]
    public void ConstantsAndParametersThatAreNotUsed_GetNothing()
    {
        Tensor constant = Plain.Of(1, 1);
        Gradients gradients = Gradients.Of(_x.Multiply(constant).Add(_z.Detach()).Sum());

        gradients[constant].ShouldBeNull();
        gradients[_z].ShouldBeNull();
        gradients[_x].ShouldNotBeNull();
    }

    [Fact]
    public void WhatDependsOnNoParameter_HasNoGradients() =>
        Should.Throw<ArgumentException>(() => Gradients.Of(Plain.Of(1).Square())).Message.ShouldContain("no parameter");

    [Fact]
    public void SeveralNumbers_HaveNoGradientWithoutASeed()
    {
        Should.Throw<ArgumentException>(() => Gradients.Of(_x.Square())).Message.ShouldContain("[2]");
        Should.Throw<ArgumentException>(() => Gradients.Of(_x.Square(), Plain.Of(1))).Message.ShouldContain("[1]");
    }

    private float[] GradientOf(Tensor y) => Gradients.Of(y, StartValues.Constant(1, y.Shape))[_x].ShouldNotBeNull().Data.ToArray();
}
