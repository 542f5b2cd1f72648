using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Products of matrices and the transpose.
public static partial class TensorOps
{
    // Rows and columns at a time, so that both sides of a transpose stay in the cache.
    private const int TransposedBlock = 16;

    /// <summary>c = a · b: c[i, j] = Σ_k a[i, k] · b[k, j].</summary>
    /// <param name="a">[n, k].</param>
    /// <param name="b">[k, m].</param>
    /// <returns>[n, m].</returns>
    /// <exception cref="ArgumentException">One is not a matrix, or the inner extents differ.</exception>
    public static Tensor MatMul(this Tensor a, Tensor b)
    {
        RequireProduct(a, b, a.Rank - 1, 0);
        return Product(a, false, b, false);
    }

    /// <summary>c = x · wᵀ, a linear layer without bias: c[i, j] = Σ_k x[i, k] · w[j, k].</summary>
    /// <param name="x">Rows, [n, in].</param>
    /// <param name="w">A weight as it lies on disk, [out, in].</param>
    /// <returns>[n, out].</returns>
    /// <exception cref="ArgumentException">One is not a matrix, or the inner extents differ.</exception>
    public static Tensor MatMulTransposed(this Tensor x, Tensor w)
    {
        RequireProduct(x, w, x.Rank - 1, 1);
        return Product(x, false, w, true);
    }

    /// <summary>c = aᵀ · b: c[i, j] = Σ_k a[k, i] · b[k, j]; what a pooler does with its weights and rows.</summary>
    /// <param name="a">[k, n].</param>
    /// <param name="b">[k, m].</param>
    /// <returns>[n, m].</returns>
    /// <exception cref="ArgumentException">One is not a matrix, or the outer extents differ.</exception>
    public static Tensor TransposedMatMul(this Tensor a, Tensor b)
    {
        RequireProduct(a, b, 0, 0);
        return Product(a, true, b, false);
    }

    /// <summary>The transpose: c[j, i] = x[i, j].</summary>
    /// <param name="x">[n, m].</param>
    /// <returns>[m, n].</returns>
    /// <exception cref="ArgumentException">It is not a matrix.</exception>
    public static Tensor Transpose(this Tensor x)
    {
        RequireMatrix(x, nameof(x));
        Tensor c = ResultScope.Rent(x[1], x[0]);
        TransposeInto(x, c);
        return x.NeedsGradient ? c.With(new TransposeGradient(x)) : c;
    }

    private static Tensor Product(Tensor a, bool transposeA, Tensor b, bool transposeB)
    {
        Tensor c = ResultScope.Rent(a[transposeA ? 1 : 0], b[transposeB ? 0 : 1]);
        Products.Run(MatrixView.Of(a), transposeA, MatrixView.Of(b), transposeB, MatrixView.Of(c), accumulate: false);
        return NeedGradient(a, b) ? c.With(new ProductGradient(a, transposeA, b, transposeB)) : c;
    }

    private static void TransposeInto(Tensor x, Tensor c)
    {
        ReadOnlySpan<float> from = x.Data;
        Span<float> to = c.Data;
        int rows = x[0];
        int columns = x[1];
        for (int top = 0; top < rows; top += TransposedBlock)
        {
            for (int left = 0; left < columns; left += TransposedBlock)
            {
                for (int i = top; i < Math.Min(rows, top + TransposedBlock); i++)
                {
                    for (int j = left; j < Math.Min(columns, left + TransposedBlock); j++)
                    {
                        to[(j * rows) + i] = from[(i * columns) + j];
                    }
                }
            }
        }
    }

    private static void RequireProduct(Tensor a, Tensor b, int axisOfA, int axisOfB)
    {
        RequireMatrix(a, nameof(a));
        RequireMatrix(b, nameof(b));
        if (a[axisOfA] != b[axisOfB])
        {
            throw new ArgumentException(
                $"Axis {axisOfA} of {a.ShapeText} and axis {axisOfB} of {b.ShapeText} must have the same extent to be summed over.", nameof(b));
        }
    }
}
