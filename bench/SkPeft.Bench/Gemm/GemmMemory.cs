using SkPeft.Tensors.Kernels;

namespace SkPeft.Bench.Gemm;

/// <summary>Random x, W and y of a shape, and room for any of its products.</summary>
internal sealed unsafe class GemmMemory : IDisposable
{
    private readonly NativeBuffer _x;
    private readonly NativeBuffer _w;
    private readonly NativeBuffer _y;
    private readonly NativeBuffer _result;

    public GemmMemory(GemmShape shape)
    {
        long largest = Math.Max((long)shape.Inputs * shape.Outputs, (long)shape.Rows * Math.Max(shape.Inputs, shape.Outputs));
        (_x, _w) = (Random((long)shape.Rows * shape.Inputs), Random((long)shape.Inputs * shape.Outputs));
        (_y, _result) = (Random((long)shape.Rows * shape.Outputs), new NativeBuffer(largest * sizeof(float)));
    }

    /// <summary>[rows, inputs].</summary>
    public float* X => _x.Floats;

    /// <summary>[outputs, inputs].</summary>
    public float* W => _w.Floats;

    /// <summary>[rows, outputs].</summary>
    public float* Y => _y.Floats;

    /// <summary>Room for a product.</summary>
    public float* Result => _result.Floats;

    public void Dispose()
    {
        _x.Dispose();
        _w.Dispose();
        _y.Dispose();
        _result.Dispose();
    }

    private static NativeBuffer Random(long count)
    {
        var buffer = new NativeBuffer(count * sizeof(float));
        var random = new Random(1);
        foreach (ref float value in new Span<float>(buffer.Start, checked((int)count)))
        {
            value = random.NextSingle() - 0.5f;
        }

        return buffer;
    }
}
