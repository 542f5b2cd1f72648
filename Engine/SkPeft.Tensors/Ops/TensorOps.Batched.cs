using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Products of many small matrices.
public static partial class TensorOps
{
    /// <summary>c[b] = a[b] · b[b], for every b.</summary>
    /// <param name="a">[batch, n, k].</param>
    /// <param name="b">[batch, k, m].</param>
    /// <returns>[batch, n, m].</returns>
    /// <exception cref="ArgumentException">The ranks are not 3, or extents do not fit.</exception>
    public static Tensor MatMulBatched(this Tensor a, Tensor b)
    {
        if (a.Rank != 3 || b.Rank != 3 || a[0] != b[0] || a[2] != b[1])
        {
            throw new ArgumentException($"Shapes {a.ShapeText} and {b.ShapeText} are not [batch, n, k] and [batch, k, m].", nameof(b));
        }

        Tensor c = ResultScope.Rent(a[0], a[1], b[2]);
        for (int i = 0; i < a[0]; i++)
        {
            Products.Run(MatrixView.Of(a, i), false, MatrixView.Of(b, i), false, MatrixView.Of(c, i), accumulate: false);
        }

        return NeedGradient(a, b) ? c.With(new BatchedGradient(a, b)) : c;
    }

    /// <summary>c = x · blockdiag(blocks): neighbouring columns of x, as many as a block has rows, are multiplied with one block.</summary>
    /// <param name="x">Rows, [n, count · s].</param>
    /// <param name="blocks">[count, s, t].</param>
    /// <returns>[n, count · t].</returns>
    /// <exception cref="ArgumentException">The ranks are not 2 and 3, or extents do not fit.</exception>
    public static Tensor MatMulBlocks(this Tensor x, Tensor blocks)
    {
        if (x.Rank != 2 || blocks.Rank != 3 || x[1] != blocks[0] * blocks[1])
        {
            throw new ArgumentException($"Shapes {x.ShapeText} and {blocks.ShapeText} are not [n, count · s] and [count, s, t].", nameof(blocks));
        }

        Tensor c = ResultScope.Rent(x[0], blocks[0] * blocks[2]);
        for (int i = 0; i < blocks[0]; i++)
        {
            Products.Run(Columns(x, i, blocks[1]), false, MatrixView.Of(blocks, i), false, Columns(c, i, blocks[2]), accumulate: false);
        }

        return NeedGradient(x, blocks) ? c.With(new BlocksGradient(x, blocks)) : c;
    }

    private static MatrixView Columns(Tensor x, int block, int width) => MatrixView.ColumnsOf(x, block * width, width);

    private sealed class BatchedGradient(Tensor a, Tensor b) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            if (a.NeedsGradient)
            {
                Tensor ofA = gradients.Target(a, out bool adds);
                for (int i = 0; i < a[0]; i++)
                {
                    Products.Run(MatrixView.Of(gradient, i), false, MatrixView.Of(b, i), true, MatrixView.Of(ofA, i), adds);
                }
            }

            if (b.NeedsGradient)
            {
                Tensor ofB = gradients.Target(b, out bool adds);
                for (int i = 0; i < a[0]; i++)
                {
                    Products.Run(MatrixView.Of(a, i), true, MatrixView.Of(gradient, i), false, MatrixView.Of(ofB, i), adds);
                }
            }
        }
    }

    private sealed class BlocksGradient(Tensor x, Tensor blocks) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            if (x.NeedsGradient)
            {
                Tensor ofX = gradients.Target(x, out bool adds);
                for (int i = 0; i < blocks[0]; i++)
                {
                    Products.Run(Columns(gradient, i, blocks[2]), false, MatrixView.Of(blocks, i), true, Columns(ofX, i, blocks[1]), adds);
                }
            }

            if (blocks.NeedsGradient)
            {
                Tensor ofBlocks = gradients.Target(blocks, out bool adds);
                for (int i = 0; i < blocks[0]; i++)
                {
                    Products.Run(Columns(x, i, blocks[1]), true, Columns(gradient, i, blocks[2]), false, MatrixView.Of(ofBlocks, i), adds);
                }
            }
        }
    }
}
