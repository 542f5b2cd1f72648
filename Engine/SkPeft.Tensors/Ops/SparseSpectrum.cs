using System.Numerics.Tensors;

namespace SkPeft.Tensors.Ops;

/// <summary>
/// Places of the entries of a spectrum, and the sums between entries and the real matrix. cos(α + β) = cos α cos β − sin α sin β takes a
/// row's phase apart from a column's: entries of one row are summed first, then a product with the rows' phases gives the matrix.
/// </summary>
internal sealed class SparseSpectrum
{
    private readonly int[] _columns;
    private readonly int _height;
    private readonly int _width;

    // The rows that have entries, and which of them each entry is in.
    private readonly int[] _rows;
    private readonly int[] _rowOfEntry;

    public SparseSpectrum(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, int height, int width)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)height || (uint)columns[i] >= (uint)width)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), $"Entry {i} is at [{rows[i]}, {columns[i]}], outside a matrix of [{height}, {width}].");
            }
        }

        _height = height;
        _width = width;
        _columns = columns.ToArray();
        _rows = [.. rows.ToArray().Distinct().Order()];
        _rowOfEntry = [.. rows.ToArray().Select(row => Array.BinarySearch(_rows, row))];
    }

    /// <summary>Writes the matrix of some coefficients, one an entry.</summary>
    public void Transform(ReadOnlySpan<float> coefficients, Tensor matrix)
    {
        Tensor sums = new(2 * _rows.Length, _width);
        (float[] cosines, float[] sines) = Circle(_width);
        Span<float> cosine = new float[_width];
        Span<float> sine = new float[_width];
        for (int i = 0; i < _columns.Length; i++)
        {
            float coefficient = coefficients[i] / ((float)_height * _width);
            Wave(cosines, _columns[i], cosine);
            Wave(sines, _columns[i], sine);
            TensorPrimitives.MultiplyAdd(cosine, coefficient, sums.Row(2 * _rowOfEntry[i]), sums.Row(2 * _rowOfEntry[i]));
            TensorPrimitives.MultiplyAdd(sine, -coefficient, sums.Row((2 * _rowOfEntry[i]) + 1), sums.Row((2 * _rowOfEntry[i]) + 1));
        }

        Products.Run(MatrixView.Of(RowPhases()), true, MatrixView.Of(sums), false, MatrixView.Of(matrix), accumulate: false);
    }

    /// <summary>Adds the gradient of every coefficient, given that of the matrix.</summary>
    public void AddCoefficients(Tensor gradient, Span<float> coefficients)
    {
        Tensor sums = new(2 * _rows.Length, _width);
        Products.Run(MatrixView.Of(RowPhases()), false, MatrixView.Of(gradient), false, MatrixView.Of(sums), accumulate: false);
        (float[] cosines, float[] sines) = Circle(_width);
        Span<float> wave = new float[_width];
        for (int i = 0; i < _columns.Length; i++)
        {
            Wave(cosines, _columns[i], wave);
            float real = TensorPrimitives.Dot<float>(sums.Row(2 * _rowOfEntry[i]), wave);
            Wave(sines, _columns[i], wave);
            float imaginary = TensorPrimitives.Dot<float>(sums.Row((2 * _rowOfEntry[i]) + 1), wave);
            coefficients[i] += (real - imaginary) / ((float)_height * _width);
        }
    }

    // For each row with entries, a row of cosines and one of sines, over the height.
    private Tensor RowPhases()
    {
        Tensor phases = new(2 * _rows.Length, _height);
        (float[] cosines, float[] sines) = Circle(_height);
        for (int i = 0; i < _rows.Length; i++)
        {
            Wave(cosines, _rows[i], phases.Row(2 * i));
            Wave(sines, _rows[i], phases.Row((2 * i) + 1));
        }

        return phases;
    }

    private static (float[] Cosines, float[] Sines) Circle(int steps)
    {
        float[] cosines = new float[steps];
        float[] sines = new float[steps];
        for (int i = 0; i < steps; i++)
        {
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * i / steps);
            cosines[i] = (float)cosine;
            sines[i] = (float)sine;
        }

        return (cosines, sines);
    }

    // Goes round a circle of values in steps of a frequency.
    private static void Wave(float[] circle, int frequency, Span<float> wave)
    {
        int at = 0;
        foreach (ref float value in wave)
        {
            value = circle[at];
            at += frequency;
            at -= at >= circle.Length ? circle.Length : 0;
        }
    }
}
