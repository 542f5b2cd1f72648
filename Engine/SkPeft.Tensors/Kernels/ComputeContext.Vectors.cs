namespace SkPeft.Tensors.Kernels;

/// <summary>Operations on single vectors; they run on the calling thread and may be called from any worker.</summary>
public sealed unsafe partial class ComputeContext
{
    /// <summary>Σ x·y.</summary>
    public float Dot(float* x, float* y, int size)
    {
        float sum = 0;
        for (int k = 0; k < size; k++)
        {
            sum += x[k] * y[k];
        }

        return sum;
    }

    /// <summary>y += x.</summary>
    public void Add(float* x, float* y, int size) => Axpy(1f, x, y, size);

    /// <summary>y += factor · x.</summary>
    public void Axpy(float factor, float* x, float* y, int size)
    {
        for (int k = 0; k < size; k++)
        {
            y[k] += factor * x[k];
        }
    }

    /// <summary>x *= factor.</summary>
    public void Scale(float factor, float* x, int size)
    {
        for (int k = 0; k < size; k++)
        {
            x[k] *= factor;
        }
    }

    /// <summary>y *= x, value by value.</summary>
    public void MultiplyInto(float* x, float* y, int size)
    {
        for (int k = 0; k < size; k++)
        {
            y[k] *= x[k];
        }
    }

    /// <summary>Softmax in place. The maximum is subtracted first, so large values stay finite.</summary>
    public void Softmax(float* x, int size)
    {
        float max = float.NegativeInfinity;
        for (int k = 0; k < size; k++)
        {
            max = MathF.Max(max, x[k]);
        }

        double sum = 0;
        for (int k = 0; k < size; k++)
        {
            x[k] = (float)Math.Exp(x[k] - max);
            sum += x[k];
        }

        Scale((float)(1 / sum), x, size);
    }

    /// <summary>log Σ exp(x), with the maximum subtracted first.</summary>
    public double LogSumExp(float* x, int size)
    {
        float max = x[ArgMax(x, size)];
        double sum = 0;
        for (int k = 0; k < size; k++)
        {
            sum += Math.Exp(x[k] - max);
        }

        return max + Math.Log(sum);
    }

    /// <summary>Index of the largest value, the first of equals.</summary>
    public int ArgMax(float* x, int size)
    {
        int best = 0;
        for (int k = 1; k < size; k++)
        {
            if (x[k] > x[best])
            {
                best = k;
            }
        }

        return best;
    }
}
