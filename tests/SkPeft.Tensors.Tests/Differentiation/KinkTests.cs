using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

/// <summary>Where there is no derivative, the gradient is 0, as PyTorch has it.</summary>
public sealed class KinkTests
{
    [Fact]
    public void ReluAndAbs_AtZero_HaveNoGradient()
    {
        GradientAt(Plain.Of(0, -0f), TensorOps.Relu).ShouldBe([0f, 0f]);
        GradientAt(Plain.Of(0, -0f), TensorOps.Abs).ShouldBe([0f, 0f]);
    }

    [Fact]
    public void RowNorms_OfAZeroRow_HasNoGradient() =>
        GradientAt(Tensor.From([0, 0, 3, 4], 2, 2), TensorOps.RowNorms).ShouldBe([0f, 0f, 0.6f, 0.8f]);

    [Fact]
    public void Rational_WhereTheDenominatorsSumIsZero_FollowsTheNumeratorOnly() =>
        GradientAt(Plain.Of(0), x => x.Rational(Plain.Of(1, 0.5f, 2), Plain.Of(3, 4))).ShouldBe([0.5f]);

    [Fact]
    public void SiluAndGelu_FarOut_HaveTheSlopesOfTheirLimits()
    {
        foreach (Func<Tensor, Tensor> activation in new Func<Tensor, Tensor>[] { TensorOps.Silu, TensorOps.Gelu, TensorOps.GeluTanh })
        {
            GradientAt(Plain.Of(-1000, 1000), activation).Select(v => v + 0f).ShouldBe([0f, 1f]);
        }
    }

    private static float[] GradientAt(Tensor at, Func<Tensor, Tensor> operation)
    {
        Tensor x = StartValues.Parameter(at);
        Tensor y = operation(x);
        return Gradients.Of(y, StartValues.Constant(1, y.Shape))[x].ShouldNotBeNull().Data.ToArray();
    }
}
