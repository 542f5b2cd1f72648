using System.Numerics.Tensors;

namespace SkPeft.Tensors.LinearAlgebra;

/// <summary>
/// The first columns of a QR factorisation, by Householder's reflections with LAPACK's choice of signs: W = Q R with orthonormal columns of Q
/// and R upper triangular. In double precision.
/// </summary>
public static class HouseholderQr
{
    /// <summary>Factorises.</summary>
    /// <param name="matrix">W, [m, n].</param>
    /// <param name="count">How many columns of Q, and rows of R, are wanted: at most min(m, n).</param>
    /// <returns>Q, [m, count], and R, [count, n]. Their product is W where count is min(m, n), and else its best part in the span of W's first columns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many.</exception>
    public static (Tensor Q, Tensor R) Of(Tensor matrix, int count)
    {
        (int m, int n) = (matrix[0], matrix[1]);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Math.Min(m, n));

        // Transposed: a column of W is one run of memory.
        double[][] columns = [.. Enumerable.Range(0, n).Select(j => Column(matrix, j))];
        double[][] reflectors = new double[count][];
        for (int k = 0; k < count; k++)
        {
            reflectors[k] = Reflector(columns[k], k);
            foreach (double[] column in columns.AsSpan(k))
            {
                Reflect(reflectors[k], column, k);
            }
        }

        Tensor r = new(count, n);
        for (int row = 0; row < count; row++)
        {
            for (int column = row; column < n; column++)
            {
                r.Row(row)[column] = (float)columns[column][row];
            }
        }

        return (FirstColumns(reflectors, m), r);
    }

    // H = I − v vᵀ with vᵀv = 2 maps the column, from row k on, to a multiple of the k-th unit vector. LAPACK gives that multiple the sign that
    // the first element has not, so that nothing cancels.
    private static double[] Reflector(double[] column, int k)
    {
        double[] v = column[k..];
        double length = TensorPrimitives.Norm<double>(v);
        if (length > 0)
        {
            v[0] += v[0] >= 0 ? length : -length;
            TensorPrimitives.Multiply(v, Math.Sqrt(2) / TensorPrimitives.Norm<double>(v), v);
        }

        return v;
    }

    private static void Reflect(double[] reflector, double[] column, int k)
    {
        Span<double> tail = column.AsSpan(k);
        TensorPrimitives.MultiplyAdd(reflector, -TensorPrimitives.Dot<double>(reflector, tail), tail, tail);
    }

    // Q = H₀ H₁ … applied to the unit vectors, last reflection first.
    private static Tensor FirstColumns(double[][] reflectors, int m)
    {
        Tensor q = new(m, reflectors.Length);
        for (int column = 0; column < reflectors.Length; column++)
        {
            double[] unit = new double[m];
            unit[column] = 1;
            for (int k = reflectors.Length - 1; k >= 0; k--)
            {
                Reflect(reflectors[k], unit, k);
            }

            for (int row = 0; row < m; row++)
            {
                q.Row(row)[column] = (float)unit[row];
            }
        }

        return q;
    }

    private static double[] Column(Tensor matrix, int column)
    {
        double[] values = new double[matrix[0]];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = matrix.Row(row)[column];
        }

        return values;
    }
}
