using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Gradients of element-wise operations on two tensors: what was repeated gets the sum.
public static partial class TensorOps
{
    private static void Hand(Gradients gradients, Tensor input, Tensor gradient, bool owned = true)
    {
        if (input.Shape.SequenceEqual(gradient.Shape))
        {
            gradients.Add(input, gradient, owned);
        }
        else
        {
            Broadcasting.AddSummed(gradient, gradients.Buffer(input));
            if (owned)
            {
                gradients.Return(gradient);
            }
        }
    }

    private static Tensor Combine<TOperation>(Gradients gradients, Tensor gradient, Tensor other)
        where TOperation : struct, IBroadcastOperation
    {
        Tensor result = gradients.Rent(gradient.Shape);
        Broadcasting.Apply<TOperation>(gradient, other, result);
        return result;
    }

    private sealed class AddGradient(Tensor a, Tensor b) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            if (a.NeedsGradient)
            {
                Hand(gradients, a, gradient, owned: false);
            }

            if (b.NeedsGradient)
            {
                Hand(gradients, b, gradient, owned: false);
            }
        }
    }

    private sealed class SubtractGradient(Tensor a, Tensor b) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            if (a.NeedsGradient)
            {
                Hand(gradients, a, gradient, owned: false);
            }

            if (b.NeedsGradient)
            {
                Tensor negative = gradients.Rent(gradient.Shape);
                TensorPrimitives.Negate(gradient.Data, negative.Data);
                Hand(gradients, b, negative);
            }
        }
    }

    private sealed class MultiplyGradient(Tensor a, Tensor b) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            if (a.NeedsGradient)
            {
                Hand(gradients, a, Combine<MultiplyOperation>(gradients, gradient, b));
            }

            if (b.NeedsGradient)
            {
                Hand(gradients, b, Combine<MultiplyOperation>(gradients, gradient, a));
            }
        }
    }

    private sealed class DivideGradient(Tensor a, Tensor b, Tensor quotient) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            Tensor ofA = Combine<DivideOperation>(gradients, gradient, b);
            if (b.NeedsGradient)
            {
                Tensor ofB = gradients.Rent(gradient.Shape);
                TensorPrimitives.Multiply(ofA.Data, quotient.Data, ofB.Data);
                TensorPrimitives.Negate(ofB.Data, ofB.Data);
                Hand(gradients, b, ofB);
            }

            if (a.NeedsGradient)
            {
                Hand(gradients, a, ofA);
            }
            else
            {
                gradients.Return(ofA);
            }
        }
    }

    private sealed class ScaleGradient(Tensor x, float factor) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            Tensor scaled = gradients.Rent(x.Shape);
            TensorPrimitives.Multiply(gradient.Data, factor, scaled.Data);
            gradients.Add(x, scaled);
        }
    }

    /// <summary>The gradient as it came, with the shape of the input.</summary>
    private sealed class PassedOn(Tensor x) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients) => gradients.Add(x, gradient.View(x.Shape), owned: false);
    }
}
