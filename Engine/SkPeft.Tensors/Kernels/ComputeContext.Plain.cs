namespace SkPeft.Tensors.Kernels;

// Products with weights that lie as a file has them.
public sealed unsafe partial class ComputeContext
{
    /// <summary>y[i] (+)= W · x[i] for n rows and weights that are not packed. A few rows read the weights once, where they lie; for more, packing pays.</summary>
    /// <param name="weights">W, [outputs, inputs], row-major.</param>
    /// <param name="outputs">Rows of W.</param>
    /// <param name="inputs">Columns of W.</param>
    /// <param name="x">Input rows.</param>
    /// <param name="strideX">Floats between rows of x.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="y">Output rows.</param>
    /// <param name="strideY">Floats between rows of y.</param>
    /// <param name="accumulate">True adds to y, false overwrites it.</param>
    public void MultiplyPlain(float* weights, int outputs, int inputs, float* x, long strideX, int n, float* y, long strideY, bool accumulate)
    {
        if (n > FewRows)
        {
            Gemm(n, outputs, inputs, x, strideX, false, weights, inputs, true, y, strideY, accumulate);
            return;
        }

        ForRows(outputs, n * inputs, (first, end) =>
        {
            for (long output = first; output < end; output++)
            {
                for (long row = 0; row < n; row++)
                {
                    float product = _vectors.Dot(weights + (output * inputs), x + (row * strideX), inputs);
                    float* to = y + (row * strideY) + output;
                    *to = accumulate ? *to + product : product;
                }
            }
        });
    }
}
