namespace SkPeft.PeftPlugins.Tests.Layers;

/// <summary>Small matrices by plain loops in double precision.</summary>
internal static class Matrices
{
    public static double[,] Make(int rows, int columns, Func<int, int, double> element)
    {
        double[,] m = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                m[i, j] = element(i, j);
            }
        }

        return m;
    }

    public static double[,] Of(Tensor tensor, int from = 0, int? rows = null, int? columns = null)
    {
        (int height, int width) = (rows ?? tensor[^2], columns ?? tensor[^1]);
        return Make(height, width, (i, j) => tensor.Data[from + (i * width) + j]);
    }

    public static double[,] Identity(int size) => Make(size, size, (i, j) => i == j ? 1 : 0);

    public static double[,] Times(this double[,] a, double[,] b) =>
        Make(a.GetLength(0), b.GetLength(1), (i, j) => Enumerable.Range(0, a.GetLength(1)).Sum(k => a[i, k] * b[k, j]));

    public static double[,] Times(this double[,] a, double factor) => Make(a.GetLength(0), a.GetLength(1), (i, j) => factor * a[i, j]);

    public static double[,] Plus(this double[,] a, double[,] b) => Make(a.GetLength(0), a.GetLength(1), (i, j) => a[i, j] + b[i, j]);

    public static double[,] Transposed(this double[,] a) => Make(a.GetLength(1), a.GetLength(0), (i, j) => a[j, i]);

    /// <summary>The inverse, by elimination; pivots must not vanish.</summary>
    public static double[,] Inverse(this double[,] a)
    {
        int size = a.GetLength(0);
        double[,] left = a.Times(1);
        double[,] right = Identity(size);
        for (int pivot = 0; pivot < size; pivot++)
        {
            double scale = left[pivot, pivot];
            AddRow(left, pivot, pivot, (1 / scale) - 1);
            AddRow(right, pivot, pivot, (1 / scale) - 1);
            foreach (int row in Enumerable.Range(0, size).Where(r => r != pivot))
            {
                double factor = -left[row, pivot];
                AddRow(left, pivot, row, factor);
                AddRow(right, pivot, row, factor);
            }
        }

        return right;
    }

    public static double[,] BlockDiagonal(IReadOnlyList<double[,]> blocks)
    {
        int size = blocks[0].GetLength(0);
        return Make(blocks.Count * size, blocks.Count * size, (i, j) => i / size == j / size ? blocks[i / size][i % size, j % size] : 0);
    }

    private static void AddRow(double[,] a, int from, int to, double factor)
    {
        for (int column = 0; column < a.GetLength(1); column++)
        {
            a[to, column] += factor * a[from, column];
        }
    }
}
