using System.Numerics.Tensors;

namespace SkPeft.Tensors.Ops;

/// <summary>The inverse of one matrix by Gauss and Jordan's elimination with row exchanges, in double precision.</summary>
internal static class Inversion
{
    /// <summary>Writes the inverse; false if there is none. NaN and infinity give NaN.</summary>
    /// <param name="matrix">size · size elements.</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="inverse">size · size elements.</param>
    public static bool TryRun(ReadOnlySpan<float> matrix, int size, Span<float> inverse)
    {
        // Rows of [matrix | identity]; the left half becomes the identity.
        double[][] rows = new double[size][];
        for (int i = 0; i < size; i++)
        {
            rows[i] = new double[2 * size];
            rows[i][size + i] = 1;
            for (int j = 0; j < size; j++)
            {
                rows[i][j] = matrix[(i * size) + j];
            }
        }

        for (int column = 0; column < size; column++)
        {
            int pivot = LargestRow(rows, column);
            if (rows[pivot][column] == 0)
            {
                return false;
            }

            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            Eliminate(rows, column);
        }

        for (int i = 0; i < inverse.Length; i++)
        {
            inverse[i] = (float)rows[i / size][size + (i % size)];
        }

        return true;
    }

    private static int LargestRow(double[][] rows, int column)
    {
        int largest = column;
        for (int i = column + 1; i < rows.Length; i++)
        {
            largest = Math.Abs(rows[i][column]) > Math.Abs(rows[largest][column]) ? i : largest;
        }

        return largest;
    }

    private static void Eliminate(double[][] rows, int column)
    {
        Span<double> source = rows[column].AsSpan(column);
        TensorPrimitives.Multiply(source, 1 / source[0], source);
        for (int i = 0; i < rows.Length; i++)
        {
            if (i != column)
            {
                Span<double> row = rows[i].AsSpan(column);
                TensorPrimitives.MultiplyAdd(source, -row[0], row, row);
            }
        }
    }
}
