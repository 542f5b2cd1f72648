namespace SkPeft.Tensors.Ops;

/// <summary>A matrix somewhere in memory: row-major, with a distance between rows.</summary>
internal readonly ref struct MatrixView
{
    public MatrixView(Span<float> values, int rows, int columns, int stride)
    {
        Values = values;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    public Span<float> Values { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Elements between the starts of two rows.</summary>
    public int Stride { get; }

    /// <summary>A tensor of rank 2.</summary>
    public static MatrixView Of(Tensor matrix) => new(matrix.Data, matrix[0], matrix[1], matrix[1]);

    /// <summary>A slice of a tensor of rank 3.</summary>
    public static MatrixView Of(Tensor matrices, int index) => new(matrices.Row(index), matrices[1], matrices[2], matrices[2]);

    /// <summary>Some neighbouring columns of a tensor of rank 2.</summary>
    public static MatrixView ColumnsOf(Tensor matrix, int first, int count) =>
        new(matrix.Length == 0 ? [] : matrix.Data[first..], matrix[0], count, matrix[1]);

    /// <summary>The columns from one on.</summary>
    public MatrixView Part(int firstColumn) => new(Rows == 0 ? [] : Values[firstColumn..], Rows, Columns - firstColumn, Stride);

    public Span<float> Row(int row) => Values.Slice(row * Stride, Columns);
}
