using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    /// <summary>Columns of a matrix: of 32 rows all columns, then of the next 32 rows.</summary>
    public static ByteBlocks Columns(ReadOnlySpan<float> matrix, int rows, int columns)
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
                    values[i] = matrix[(((block * Length) + i) * columns) + column];
                }

                result.Store(((long)block * columns) + column, values);
            }
        }

        return result;
    }

    public void Dispose() => _buffer.Dispose();

    // Runs over every value of an adapter that is loaded, while a request may wait for it.
    private void Store(long block, ReadOnlySpan<float> values)
    {
        float scale = MathF.Abs(TensorPrimitives.MaxMagnitude(values)) / 127;
        Scales[block] = scale;
        sbyte* to = Values + (block * Length);
        if (scale == 0)
        {
            new Span<sbyte>(to, Length).Clear();
            return;
        }

        ref float from = ref MemoryMarshal.GetReference(values);
        Vector128<float> divisor = Vector128.Create(scale);
        for (nuint i = 0; i < Length; i += 16)
        {
            Vector128<short> low = Vector128.Narrow(Rounded(ref from, i, divisor), Rounded(ref from, i + 4, divisor));
            Vector128<short> high = Vector128.Narrow(Rounded(ref from, i + 8, divisor), Rounded(ref from, i + 12, divisor));
            Vector128.Narrow(low, high).Store(to + i);
        }
    }

    private static Vector128<int> Rounded(ref float values, nuint at, Vector128<float> divisor) =>
        Vector128.ConvertToInt32(Vector128.Clamp(Vector128.Round(Vector128.LoadUnsafe(ref values, at) / divisor), Vector128.Create(-127f), Vector128.Create(127f)));
}
