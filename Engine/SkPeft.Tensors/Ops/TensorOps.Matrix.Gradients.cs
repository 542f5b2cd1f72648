using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Gradients of matrix products: products with the gradient on the other side.
public static partial class TensorOps
{
    private sealed class ProductGradient(Tensor a, bool transposeA, Tensor b, bool transposeB) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            if (a.NeedsGradient)
            {
                Tensor ofA = gradients.Buffer(a);
                if (transposeA)
                {
                    Products.Add(b, transposeB, gradient, true, ofA);
                }
                else
                {
                    Products.Add(gradient, false, b, !transposeB, ofA);
                }
            }

            if (b.NeedsGradient)
            {
                Tensor ofB = gradients.Buffer(b);
                if (transposeB)
                {
                    Products.Add(gradient, true, a, transposeA, ofB);
                }
                else
                {
                    Products.Add(a, !transposeA, gradient, false, ofB);
                }
            }
        }
    }

    private sealed class TransposeGradient(Tensor x) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            Tensor result = gradients.Rent(x.Shape);
            TransposeInto(gradient, result);
            gradients.Add(x, result);
        }
    }
}
