using System.Numerics.Tensors;

namespace SkPeft.Tensors.LinearAlgebra;

/// <summary>
/// W V = U B with orthonormal columns of U and V and an upper bidiagonal B, column by column (Golub and Kahan 1965). Where the sequence ends
/// early (W has fewer independent directions) it goes on with a random direction that is orthogonal to all before.
/// </summary>
internal sealed class Bidiagonalisation
{
    private readonly Tensor _matrix;
    private readonly Random _random;
    private readonly double _breakdown;
    private readonly List<float[]> _left = [];
    private readonly List<float[]> _right = [];
    private readonly List<double> _diagonal = [];
    private readonly List<double> _above = [];
    private float[] _next;

    /// <summary>Starts with a random direction.</summary>
    /// <param name="matrix">W, [m, n].</param>
    /// <param name="random">Directions.</param>
    /// <param name="breakdown">Lengths below it are rounding.</param>
    public Bidiagonalisation(Tensor matrix, Random random, double breakdown)
    {
        (_matrix, _random, _breakdown) = (matrix, random, breakdown);
        _next = Fresh(_right, matrix[1]);
    }

    /// <summary>The columns of U.</summary>
    public IReadOnlyList<float[]> Left => _left;

    /// <summary>The columns of V.</summary>
    public IReadOnlyList<float[]> Right => _right;

    /// <summary>The element of B right of its last column: how far the columns so far are from being closed under W.</summary>
    public double Remainder { get; private set; }

    /// <summary>Adds columns until there are so many.</summary>
    public void Grow(int size)
    {
        while (_right.Count < size)
        {
            AddColumn();
        }
    }

    /// <summary>The columns of B, [size, size].</summary>
    public double[][] Columns()
    {
        double[][] columns = new double[_diagonal.Count][];
        for (int j = 0; j < columns.Length; j++)
        {
            columns[j] = new double[columns.Length];
            columns[j][j] = _diagonal[j];
            if (j > 0)
            {
                columns[j][j - 1] = _above[j - 1];
            }
        }

        return columns;
    }

    private void AddColumn()
    {
        if (_right.Count > 0)
        {
            _above.Add(Remainder);
        }

        _right.Add(_next);
        float[] left = new float[_matrix[0]];
        for (int row = 0; row < left.Length; row++)
        {
            left[row] = TensorPrimitives.Dot(_matrix.Row(row), _next);
        }

        // All of W v but its part along the newest direction lies in the directions before it: B has these parts already.
        (double length, left) = Normalise(left, _left);
        _diagonal.Add(length);
        _left.Add(left);

        float[] right = new float[_matrix[1]];
        for (int row = 0; row < left.Length; row++)
        {
            TensorPrimitives.MultiplyAdd(_matrix.Row(row), left[row], right, right);
        }

        (Remainder, _next) = Normalise(right, _right);
    }

    // Takes out what lies in the directions before; where nothing is left, any new direction does, at length 0.
    private (double Length, float[] Direction) Normalise(float[] vector, List<float[]> before)
    {
        Orthogonalise(vector, before);
        double length = TensorPrimitives.Norm(vector);
        if (length <= _breakdown)
        {
            return (0, before.Count < vector.Length ? Fresh(before, vector.Length) : new float[vector.Length]);
        }

        TensorPrimitives.Multiply(vector, (float)(1 / length), vector);
        Orthogonalise(vector, before);
        return (length, vector);
    }

    private float[] Fresh(List<float[]> before, int length)
    {
        float[] direction = StartValues.Normal(_random, 1, length).Data.ToArray();
        Orthogonalise(direction, before);
        TensorPrimitives.Multiply(direction, 1 / TensorPrimitives.Norm(direction), direction);
        return direction;
    }

    // Twice is enough (Kahan).
    private static void Orthogonalise(float[] vector, List<float[]> before)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (float[] direction in before)
            {
                TensorPrimitives.MultiplyAdd(direction, -TensorPrimitives.Dot(direction, vector), vector, vector);
            }
        }
    }
}
