namespace SkPeft.Engine.Models.Llama;

/// <summary>Rows of fp32 values in native memory: a pointer, a stride in floats, a count and a width.</summary>
internal readonly unsafe struct Rows(float* data, long stride, int count, int width)
{
    public float* Data { get; } = data;

    public long Stride { get; } = stride;

    public int Count { get; } = count;

    public int Width { get; } = width;

    public float* Row(int row) => Data + (row * Stride);

    public Rows Slice(int first, int count) => new(Row(first), Stride, count, Width);

    public Rows Columns(int first) => Columns(first, Width - first);

    public Rows Columns(int first, int width) => new(Data + first, Stride, Count, width);

    public void CopyTo(Rows to)
    {
        for (int row = 0; row < Count; row++)
        {
            new ReadOnlySpan<float>(Row(row), Width).CopyTo(new Span<float>(to.Row(row), Width));
        }
    }

    /// <summary>Copies the first <paramref name="width"/> values of each row into a tensor, for effects with arithmetic of their own.</summary>
    public Tensor Read(int width)
    {
        Tensor tensor = new(Count, width);
        for (int row = 0; row < Count; row++)
        {
            new ReadOnlySpan<float>(Row(row), width).CopyTo(tensor.Row(row));
        }

        return tensor;
    }

    /// <summary>Copies a tensor back, [rows, the first values of each row].</summary>
    public void Write(Tensor tensor)
    {
        for (int row = 0; row < Count; row++)
        {
            tensor.Row(row).CopyTo(new Span<float>(Row(row), tensor[1]));
        }
    }
}
