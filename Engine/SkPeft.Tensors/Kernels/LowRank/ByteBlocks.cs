namespace SkPeft.Tensors.Kernels;

/// <summary>Values in blocks of 32 signed bytes with an fp32 scale each, rounded to nearest; the last block of a line is filled up with zeros.</summary>
internal sealed unsafe class ByteBlocks : IDisposable
{
    /// <summary>Values in a block.</summary>
    public const int Length = 32;

    private readonly NativeBuffer _buffer;
    private readonly long _blocks;

    private ByteBlocks(long blocks)
    {
        _blocks = blocks;
        _buffer = new NativeBuffer(blocks * (Length + sizeof(float)));
    }

    /// <summary>Block i: 32 bytes at 32 · i.</summary>
    public sbyte* Values => (sbyte*)_buffer.Start;

    /// <summary>The scale of block i.</summary>
    public float* Scales => (float*)(_buffer.Start + (_blocks * Length));

    public long Bytes => _buffer.Bytes;

    /// <summary>Blocks of a line of so many values.</summary>
    public static int PerLine(int values) => (values + Length - 1) / Length;

    /// <summary>Rows of a matrix, one after the other.</summary>
    public static ByteBlocks Rows(ReadOnlySpan<float> matrix, int rows, int columns)
    {
        int blocks = PerLine(columns);
        ByteBlocks result = new((long)rows * blocks);
        Span<float> values = stackalloc float[Length];
        for (int row = 0; row < rows; row++)
        {
            for (int block = 0; block < blocks; block++)
            {
                values.Clear();
                int first = block * Length;
                matrix.Slice((row * columns) + first, Math.Min(Length, columns - first)).CopyTo(values);
                result.Store(((long)row * blocks) + block, values);
            }
        }

        return result;
    }

    /// <summary>Columns of a matrix times a factor: of 32 rows all columns, then of the next 32 rows.</summary>
    public static ByteBlocks Columns(ReadOnlySpan<float> matrix, int rows, int columns, float factor)
    {
        int blocks = PerLine(rows);
        ByteBlocks result = new((long)columns * blocks);
        Span<float> values = stackalloc float[Length];
        for (int block = 0; block < blocks; block++)
        {
            for (int column = 0; column < columns; column++)
            {
                values.Clear();
                for (int i = 0; i < Math.Min(Length, rows - (block * Length)); i++)
                {
                    values[i] = factor * matrix[((((block * Length) + i) * columns) + column)];
                }

                result.Store(((long)block * columns) + column, values);
            }
        }

        return result;
    }

    public void Dispose() => _buffer.Dispose();

    private void Store(long block, ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        float scale = largest / 127;
        Scales[block] = scale;
        for (int i = 0; i < Length; i++)
        {
            Values[(block * Length) + i] = scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(values[i] / scale), -127, 127);
        }
    }
}
