using System.Numerics.Tensors;

namespace SkPeft.Tensors.Ops;

// Products of matrices and the transpose.
public static partial class TensorOps
{
    /// <summary>c = a · b: c[i, j] = Σ_k a[i, k] · b[k, j].</summary>
    /// <param name="a">[n, k].</param>
    /// <param name="b">[k, m].</param>
    /// <returns>[n, m].</returns>
    /// <exception cref="ArgumentException">One is not a matrix, or the inner extents differ.</exception>
    public static Tensor MatMul(this Tensor a, Tensor b)
    {
        RequireProduct(a, b, a.Rank - 1, 0);
        Tensor c = new(a[0], b[1]);
        for (int i = 0; i < a[0]; i++)
        {
            AddCombination(a.Data.Slice(i * a[1], a[1]), 1, b, c.Data.Slice(i * b[1], b[1]));
        }

        return c;
    }

    /// <summary>c = x · wᵀ, a linear layer without bias: c[i, j] = Σ_k x[i, k] · w[j, k].</summary>
    /// <param name="x">Rows, [n, in].</param>
    /// <param name="w">A weight as it lies on disk, [out, in].</param>
    /// <returns>[n, out].</returns>
    /// <exception cref="ArgumentException">One is not a matrix, or the inner extents differ.</exception>
    public static Tensor MatMulTransposed(this Tensor x, Tensor w)
    {
        RequireProduct(x, w, x.Rank - 1, 1);
        int inner = x[1];
        Tensor c = new(x[0], w[0]);
        Span<float> result = c.Data;
        for (int i = 0; i < x[0]; i++)
        {
            ReadOnlySpan<float> row = x.Data.Slice(i * inner, inner);
            for (int j = 0; j < w[0]; j++)
            {
                result[(i * w[0]) + j] = TensorPrimitives.Dot(row, w.Data.Slice(j * inner, inner));
            }
        }

        return c;
    }

    /// <summary>c = aᵀ · b: c[i, j] = Σ_k a[k, i] · b[k, j]; what a pooler does with its weights and rows.</summary>
    /// <param name="a">[k, n].</param>
    /// <param name="b">[k, m].</param>
    /// <returns>[n, m].</returns>
    /// <exception cref="ArgumentException">One is not a matrix, or the outer extents differ.</exception>
    public static Tensor TransposedMatMul(this Tensor a, Tensor b)
    {
        RequireProduct(a, b, 0, 0);
        Tensor c = new(a[1], b[1]);
        for (int i = 0; i < a[1]; i++)
        {
            AddCombination(a.Data[Math.Min(i, a.Length)..], a[1], b, c.Data.Slice(i * b[1], b[1]));
        }

        return c;
    }

    /// <summary>The transpose: c[j, i] = x[i, j].</summary>
    /// <param name="x">[n, m].</param>
    /// <returns>[m, n].</returns>
    /// <exception cref="ArgumentException">It is not a matrix.</exception>
    public static Tensor Transpose(this Tensor x)
    {
        RequireMatrix(x, nameof(x));
        Tensor c = new(x[1], x[0]);
        ReadOnlySpan<float> from = x.Data;
        Span<float> to = c.Data;
        for (int i = 0; i < x[0]; i++)
        {
            for (int j = 0; j < x[1]; j++)
            {
                to[(j * x[0]) + i] = from[(i * x[1]) + j];
            }
        }

        return c;
    }

    /// <summary>sum += Σ_k factors[k · stride] · rows[k]: whole rows at a time, so that memory is read in order.</summary>
    private static void AddCombination(ReadOnlySpan<float> factors, int stride, Tensor rows, Span<float> sum)
    {
        for (int k = 0; k < rows[0]; k++)
        {
            TensorPrimitives.MultiplyAdd(rows.Data.Slice(k * rows[1], rows[1]), factors[k * stride], sum, sum);
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
