using System.Numerics.Tensors;
using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.LinearAlgebra;

/// <summary>
/// The largest singular values of a matrix with their vectors: W ≈ U Σ Vᵀ, the best approximation of its rank. By Golub and Kahan's
/// bidiagonalisation (Lanczos) with full reorthogonalisation, which grows until the wanted triplets have converged, and reaches the whole
/// matrix at worst.
/// </summary>
public static class TruncatedSvd
{
    // Of the largest singular value: products with W are formed in fp32.
    private const double Tolerance = 1e-5;

    // A direction that is shorter than this, relative to W, is rounding.
    private const double Breakdown = 1e-7;

    /// <summary>Decomposes.</summary>
    /// <param name="matrix">W, [m, n].</param>
    /// <param name="rank">How many triplets, at most min(m, n).</param>
    /// <param name="random">The start vector; the result depends on it by rounding only.</param>
    /// <returns>
    /// U [m, rank] and V [n, rank] with orthonormal columns, the singular values in falling order. Columns of U for values of 0 are 0.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many.</exception>
    public static (Tensor U, float[] Values, Tensor V) Of(Tensor matrix, int rank, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int most = Math.Min(matrix[0], matrix[1]);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, most);
        if (matrix[0] < matrix[1])
        {
            // The directions on the right must be able to fill their space: a random start has a part that a wide matrix knows nothing of.
            (Tensor v, float[] same, Tensor u) = Of(matrix.Detach().Transpose(), rank, random);
            return (u, same, v);
        }

        Bidiagonalisation lanczos = new(matrix, random, Breakdown * TensorPrimitives.Norm(matrix.Data));
        for (int size = Math.Min(most, Math.Max(2 * rank, rank + 16)); ; size = Math.Min(most, size + (size / 2)))
        {
            lanczos.Grow(size);
            (double[][] p, double[] values, double[][] q) = SmallSvd.Of(lanczos.Columns());
            bool converged = Enumerable.Range(0, rank).All(i => lanczos.Remainder * Math.Abs(p[i][^1]) <= Tolerance * values[0]);
            if (converged || size == most)
            {
                return (Combine(lanczos.Left, p, rank), [.. values.Take(rank).Select(v => (float)v)], Combine(lanczos.Right, q, rank));
            }
        }
    }

    // Columns Σ_j basis[j] · weights[i][j].
    private static Tensor Combine(IReadOnlyList<float[]> basis, double[][] weights, int rank)
    {
        int length = basis[0].Length;
        Tensor result = new(length, rank);
        for (int i = 0; i < rank; i++)
        {
            float[] column = new float[length];
            for (int j = 0; j < weights[i].Length; j++)
            {
                TensorPrimitives.MultiplyAdd(basis[j], (float)weights[i][j], column, column);
            }

            for (int row = 0; row < length; row++)
            {
                result.Row(row)[i] = column[row];
            }
        }

        return result;
    }
}
