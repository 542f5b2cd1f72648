using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Matrices made from smaller things: Kronecker products, skew-symmetric matrices, inverses.
public static partial class TensorOps
{
    /// <summary>The Kronecker product: c[i · p + k, j · q + l] = a[i, j] · b[k, l].</summary>
    /// <param name="a">[n, m].</param>
    /// <param name="b">[p, q].</param>
    /// <returns>[n · p, m · q].</returns>
    /// <exception cref="ArgumentException">One is not a matrix.</exception>
    public static Tensor Kronecker(this Tensor a, Tensor b)
    {
        RequireMatrix(a, nameof(a));
        RequireMatrix(b, nameof(b));
        return a.Reshape(a[0], 1, a[1], 1).Multiply(b.Reshape(1, b[0], 1, b[1])).Reshape(a[0] * b[0], a[1] * b[1]);
    }

    /// <summary>Skew-symmetric matrices from what is above their diagonals: c[b, i, j] = −c[b, j, i] = x[b, …] for i &lt; j, 0 on the diagonal.</summary>
    /// <param name="x">[count, size · (size − 1) / 2], row by row of the upper triangle (the order of <c>torch.triu_indices</c>).</param>
    /// <param name="size">Rows and columns of each matrix.</param>
    /// <returns>[count, size, size].</returns>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public static Tensor SkewSymmetric(this Tensor x, int size)
    {
        int packed = size * (size - 1) / 2;
        if (x.Rank != 2 || x[1] != packed)
        {
            throw new ArgumentException($"Shape {x.ShapeText} is not [count, {packed}], the upper triangles of matrices of {size} rows.", nameof(x));
        }

        Tensor c = new(x[0], size, size);
        for (int matrix = 0; matrix < x[0]; matrix++)
        {
            Span<float> to = c.Row(matrix);
            ReadOnlySpan<float> from = x.Row(matrix);
            int next = 0;
            for (int i = 0; i < size; i++)
            {
                for (int j = i + 1; j < size; j++, next++)
                {
                    to[(i * size) + j] = from[next];
                    to[(j * size) + i] = -from[next];
                }
            }
        }

        return x.NeedsGradient ? c.With(new SkewSymmetricGradient(x, size)) : c;
    }

    /// <summary>The inverse of every matrix; formed in double precision.</summary>
    /// <param name="x">[count, size, size].</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentException">The shape is another, or a matrix has no inverse.</exception>
    public static Tensor Inverse(this Tensor x)
    {
        if (x.Rank != 3 || x[1] != x[2])
        {
            throw new ArgumentException($"Shape {x.ShapeText} is not [count, size, size].", nameof(x));
        }

        Tensor c = ResultScope.Rent(x.Shape);
        for (int i = 0; i < x[0]; i++)
        {
            if (!Inversion.TryRun(x.Row(i), x[1], c.Row(i)))
            {
                throw new ArgumentException($"Matrix {i} of a tensor of shape {x.ShapeText} has no inverse.", nameof(x));
            }
        }

        return x.NeedsGradient ? c.With(new InverseGradient(x, c)) : c;
    }

    private sealed class SkewSymmetricGradient(Tensor x, int size) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            Tensor result = gradients.Rent(x.Shape);
            for (int matrix = 0; matrix < x[0]; matrix++)
            {
                ReadOnlySpan<float> from = gradient.Row(matrix);
                Span<float> to = result.Row(matrix);
                int next = 0;
                for (int i = 0; i < size; i++)
                {
                    for (int j = i + 1; j < size; j++, next++)
                    {
                        to[next] = from[(i * size) + j] - from[(j * size) + i];
                    }
                }
            }

            gradients.Add(x, result);
        }
    }

    /// <summary>dx = −yᵀ · dy · yᵀ.</summary>
    private sealed class InverseGradient(Tensor x, Tensor y) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            Tensor result = gradients.Rent(x.Shape);
            Tensor half = new(x[1], x[2]);
            for (int i = 0; i < x[0]; i++)
            {
                MatrixView inverse = MatrixView.Of(y, i);
                Products.Run(inverse, true, MatrixView.Of(gradient, i), false, MatrixView.Of(half), accumulate: false);
                Products.Run(MatrixView.Of(half), false, inverse, true, MatrixView.Of(result, i), accumulate: false);
            }

            System.Numerics.Tensors.TensorPrimitives.Negate(result.Data, result.Data);
            gradients.Add(x, result);
        }
    }
}
