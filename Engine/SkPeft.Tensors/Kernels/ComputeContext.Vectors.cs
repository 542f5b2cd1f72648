namespace SkPeft.Tensors.Kernels;

/// <summary>Operations on single vectors; they run on the calling thread and may be called from any worker.</summary>
public sealed unsafe partial class ComputeContext
{
    /// <summary>Σ x·y.</summary>
    public float Dot(float* x, float* y, int size) => _vectors.Dot(x, y, size);

    /// <summary>y += x.</summary>
    public void Add(float* x, float* y, int size) => _vectors.Axpy(1f, x, y, size);

    /// <summary>y += factor · x.</summary>
    public void Axpy(float factor, float* x, float* y, int size) => _vectors.Axpy(factor, x, y, size);

    /// <summary>x *= factor.</summary>
    public void Scale(float factor, float* x, int size) => _vectors.Scale(factor, x, size);

    /// <summary>y *= x, value by value.</summary>
    public void MultiplyInto(float* x, float* y, int size) => _vectors.Multiply(x, y, size);

    /// <summary>Softmax in place. The maximum is subtracted first, so large values stay finite.</summary>
    public void Softmax(float* x, int size) => _vectors.Softmax(x, size);

    /// <summary>log Σ exp(x), with the maximum subtracted first; −∞ for no values.</summary>
    public double LogSumExp(float* x, int size)
    {
        if (size <= 0)
        {
            return double.NegativeInfinity;
        }

        float largest = _vectors.Largest(x, size);
        return float.IsFinite(largest) ? largest + Math.Log(_vectors.SumExpShifted(x, largest, size)) : largest;
    }

    /// <summary>Index of the largest value, the first of equals; 0 for no values.</summary>
    public int ArgMax(float* x, int size)
    {
        int index = new ReadOnlySpan<float>(x, size).IndexOf(_vectors.Largest(x, size));
        return Math.Max(index, 0);
    }
}
