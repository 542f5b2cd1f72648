using System.Numerics.Tensors;

namespace SkPeft.Tensors.LinearAlgebra;

/// <summary>
/// The singular value decomposition of a small square matrix by Hestenes' one-sided Jacobi rotations: columns are turned in pairs until all
/// are orthogonal; their lengths are the singular values. In double precision; small singular values are as accurate as large ones.
/// </summary>
internal static class SmallSvd
{
    private const int MostSweeps = 60;
    private const double Orthogonal = 1e-13;

    /// <summary>Decomposes B = P Σ Qᵀ.</summary>
    /// <param name="columns">The columns of B, n of length n; destroyed.</param>
    /// <returns>The columns of P, the singular values in falling order, the columns of Q. Columns of P for singular values of 0 are 0.</returns>
    public static (double[][] P, double[] Values, double[][] Q) Of(double[][] columns)
    {
        int n = columns.Length;
        double[][] q = [.. Enumerable.Range(0, n).Select(i => Unit(n, i))];
        for (int sweep = 0; sweep < MostSweeps && Sweep(columns, q); sweep++)
        {
        }

        double[] values = [.. columns.Select(c => TensorPrimitives.Norm<double>(c))];
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => values[i])];
        foreach ((double[] column, double value) in columns.Zip(values))
        {
            TensorPrimitives.Multiply(column, value == 0 ? 0 : 1 / value, column);
        }

        return ([.. order.Select(i => columns[i])], [.. order.Select(i => values[i])], [.. order.Select(i => q[i])]);
    }

    // Turns every pair once; false where all were orthogonal already.
    private static bool Sweep(double[][] columns, double[][] q)
    {
        bool turned = false;
        for (int i = 0; i < columns.Length - 1; i++)
        {
            for (int j = i + 1; j < columns.Length; j++)
            {
                turned |= Turn(columns, q, i, j);
            }
        }

        return turned;
    }

    private static bool Turn(double[][] columns, double[][] q, int i, int j)
    {
        double a = TensorPrimitives.SumOfSquares<double>(columns[i]);
        double b = TensorPrimitives.SumOfSquares<double>(columns[j]);
        double product = TensorPrimitives.Dot<double>(columns[i], columns[j]);
        if (Math.Abs(product) <= Orthogonal * Math.Sqrt(a * b))
        {
            return false;
        }

        // The smaller of the two angles that make the pair orthogonal.
        double half = (b - a) / (2 * product);
        double tangent = Math.CopySign(1, half) / (Math.Abs(half) + Math.Sqrt(1 + (half * half)));
        double cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        Rotate(columns[i], columns[j], cosine, cosine * tangent);
        Rotate(q[i], q[j], cosine, cosine * tangent);
        return true;
    }

    private static void Rotate(double[] x, double[] y, double cosine, double sine)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = ((cosine * x[i]) - (sine * y[i]), (sine * x[i]) + (cosine * y[i]));
        }
    }

    private static double[] Unit(int n, int index)
    {
        double[] unit = new double[n];
        unit[index] = 1;
        return unit;
    }
}
