using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Gradients of matrix products: products with the gradient on the other side.
public static partial class TensorOps
{
    private sealed class ProductGradient(Tensor a, bool transposeA, Tensor b, bool transposeB) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            MatrixView dy = MatrixView.Of(gradient);
            if (a.NeedsGradient)
            {
                MatrixView ofA = MatrixView.Of(gradients.Target(a, out bool adds));
                if (transposeA)
                {
                    Products.Run(MatrixView.Of(b), transposeB, dy, true, ofA, adds);
                }
                else
                {
                    Products.Run(dy, false, MatrixView.Of(b), !transposeB, ofA, adds);
                }
            }

            if (b.NeedsGradient)
            {
                MatrixView ofB = MatrixView.Of(gradients.Target(b, out bool adds));
                if (transposeB)
                {
                    Products.Run(dy, true, MatrixView.Of(a), transposeA, ofB, adds);
                }
                else
                {
                    Products.Run(MatrixView.Of(a), !transposeA, dy, false, ofB, adds);
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
