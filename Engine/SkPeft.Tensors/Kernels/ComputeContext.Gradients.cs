namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Operations of training. All give the same bits for any number of workers: a sum is never split among workers, or its parts
/// are added in a fixed order.
/// </summary>
public sealed unsafe partial class ComputeContext
{
    private readonly Scratch _factors = new();

    /// <summary>dx[i] (+)= dy[i] · W for n rows: the gradient of the inputs of <see cref="Multiply"/>.</summary>
    /// <param name="weights">W, [out, in].</param>
    /// <param name="dy">Gradient of the outputs: row i at dy + i · <paramref name="strideDy"/>, out values.</param>
    /// <param name="strideDy">Floats between rows of dy.</param>
    /// <param name="n">Number of rows; 0 does nothing.</param>
    /// <param name="dx">Gradient of the inputs, in values a row; must not overlap dy.</param>
    /// <param name="strideDx">Floats between rows of dx.</param>
    /// <param name="accumulate">True adds to dx, false overwrites it.</param>
    public void MultiplyTransposed(PackedMatrix weights, float* dy, long strideDy, int n, float* dx, long strideDx, bool accumulate) =>
        _product.RunTransposed(CallOf(weights, dy, strideDy, n, dx, strideDx, accumulate));

    /// <summary>
    /// y[i] = scale · W · x[i] for n rows and few outputs, with sums that round less than those of <see cref="Gemm"/> (<see cref="LaneSums"/>): where
    /// much cancels, as in the first product of a low-rank change, which the second spreads over all outputs.
    /// </summary>
    /// <param name="n">Number of rows; 0 does nothing.</param>
    /// <param name="outputs">Rows of W.</param>
    /// <param name="size">Length of the sums.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="strideX">Floats between rows of x.</param>
    /// <param name="w">W, [outputs, size].</param>
    /// <param name="scale">The factor.</param>
    /// <param name="y">Outputs, [n, outputs].</param>
    public void MultiplyFew(int n, int outputs, int size, float* x, long strideX, float* w, float scale, float* y) =>
        ForRows(n, outputs * size, (first, end) => LaneSums.Run(x + (first * strideX), strideX, end - first, w, outputs, size, scale, y + ((long)first * outputs)));

    /// <summary>
    /// Gradient of <see cref="RmsNorm"/> for n rows. dx may be dy where it is not accumulated.
    /// </summary>
    /// <param name="x">The operation's inputs.</param>
    /// <param name="strideX">Floats between rows of x.</param>
    /// <param name="weight">Its weight, <paramref name="size"/> values.</param>
    /// <param name="epsilon">Its ε.</param>
    /// <param name="dy">Gradient of the outputs.</param>
    /// <param name="strideDy">Floats between rows of dy.</param>
    /// <param name="dx">Gradient of the inputs.</param>
    /// <param name="strideDx">Floats between rows of dx.</param>
    /// <param name="accumulate">True adds to dx, false overwrites it.</param>
    /// <param name="dWeight">Gradient of the weight, added to; null where none is wanted.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="size">Values in a row.</param>
    public void RmsNormGradient(float* x, long strideX, float* weight, float epsilon, float* dy, long strideDy, float* dx, long strideDx, bool accumulate, float* dWeight, int n, int size)
    {
        float* factors = (float*)_factors.Get((long)n * sizeof(float));
        ForRows(n, size, (first, end) =>
        {
            for (long i = first; i < end; i++)
            {
                factors[i] = _vectors.RmsFactor(x + (i * strideX), epsilon, size);
            }
        });

        if (dWeight != null)
        {
            // The sum runs over rows, so workers share out columns.
            const int Columns = 16;
            ForRows((size + Columns - 1) / Columns, n * Columns, (first, end) =>
            {
                int from = first * Columns;
                int count = Math.Min(end * Columns, size) - from;
                for (long i = 0; i < n; i++)
                {
                    _vectors.AddProducts(factors[i], x + (i * strideX) + from, dy + (i * strideDy) + from, dWeight + from, count);
                }
            });
        }

        ForRows(n, 2 * size, (first, end) =>
        {
            for (long i = first; i < end; i++)
            {
                _vectors.RmsNormGradient(x + (i * strideX), weight, factors[i], dy + (i * strideDy), dx + (i * strideDx), accumulate, size);
            }
        });
    }

    /// <summary>Gradient of <see cref="Rope"/>, in place: the transposed rotation, of the same rows and positions.</summary>
    /// <param name="dx">Gradient of the rotated rows, becomes that of the rows before; [heads · headDim] a row.</param>
    /// <param name="stride">Floats between rows.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="heads">Heads in a row.</param>
    /// <param name="headDim">Values in a head; even.</param>
    /// <param name="cosines">[position][headDim/2].</param>
    /// <param name="sines">[position][headDim/2].</param>
    /// <param name="positions">Position of every row.</param>
    public void RopeGradient(float* dx, long stride, int n, int heads, int headDim, float* cosines, float* sines, int* positions) =>
        ForRows(n, heads * headDim, (first, end) =>
        {
            int half = headDim / 2;
            for (long i = first; i < end; i++)
            {
                long angle = (long)positions[i] * half;
                for (int h = 0; h < heads; h++)
                {
                    _vectors.RopeGradient(dx + (i * stride) + ((long)h * headDim), cosines + angle, sines + angle, half);
                }
            }
        });

    /// <summary>
    /// Gradient of <see cref="SwiGlu"/> for n rows. dgate may be gate and dup may be up (where strideD is stride); dgate and dup
    /// may also lie in dy's memory only if one of them is dy itself, with its stride.
    /// </summary>
    /// <param name="gate">The operation's gate rows.</param>
    /// <param name="up">Its up rows.</param>
    /// <param name="stride">Floats between rows of gate and up.</param>
    /// <param name="dy">Gradient of the outputs.</param>
    /// <param name="strideDy">Floats between rows of dy.</param>
    /// <param name="dgate">Gradient of the gate, overwritten.</param>
    /// <param name="dup">Gradient of up, overwritten.</param>
    /// <param name="strideD">Floats between rows of dgate and dup.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="size">Values in a row.</param>
    public void SwiGluGradient(float* gate, float* up, long stride, float* dy, long strideDy, float* dgate, float* dup, long strideD, int n, int size) =>
        ForRows(n, 4 * size, (first, end) =>
        {
            for (long i = first; i < end; i++)
            {
                _vectors.SwiGluGradient(gate + (i * stride), up + (i * stride), dy + (i * strideDy), dgate + (i * strideD), dup + (i * strideD), size);
            }
        });

    /// <summary>
    /// Softmax cross-entropy of n rows of logits: losses[i] = log Σ exp(row) − row[targets[i]]. Where the gradient is wanted, the
    /// row is overwritten by weights[i] · (softmax(row) − onehot(targets[i])); a weight of 0 makes a row of zeros.
    /// </summary>
    /// <param name="logits">Row i at logits + i · stride.</param>
    /// <param name="stride">Floats between rows.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="vocabulary">Values in a row.</param>
    /// <param name="targets">n indices below <paramref name="vocabulary"/>.</param>
    /// <param name="weights">n factors on the gradient (not on the losses); not read, may be null, where none is wanted.</param>
    /// <param name="losses">n losses, overwritten.</param>
    /// <param name="gradient">True overwrites the logits by their gradient, false leaves them.</param>
    /// <exception cref="ArgumentOutOfRangeException">A target is no index of a row; nothing was written.</exception>
    public void CrossEntropy(float* logits, long stride, int n, int vocabulary, int* targets, float* weights, float* losses, bool gradient)
    {
        for (int i = 0; i < n; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(targets[i], nameof(targets));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(targets[i], vocabulary, nameof(targets));
        }

        ForRows(n, 4 * vocabulary, (first, end) =>
        {
            for (long i = first; i < end; i++)
            {
                float* row = logits + (i * stride);
                losses[i] = gradient
                    ? CrossEntropyRow.LossAndGradient(_vectors, row, vocabulary, targets[i], weights[i])
                    : CrossEntropyRow.Loss(_vectors, row, vocabulary, targets[i]);
            }
        });
    }

    /// <summary>
    /// Causal grouped-query attention over rows of several sequences, each optionally with keys and values in front that every
    /// row of the sequence sees. Spans must not overlap.
    /// </summary>
    /// <param name="call">Tensors and sizes; output and log sums are written for the rows of the spans.</param>
    /// <param name="spans">Which rows belong to which sequence.</param>
    public void AttendRows(in RowAttention call, ReadOnlySpan<RowSpan> spans) => _rowAttention.Run(call, spans);

    /// <summary>Gradient of <see cref="AttendRows"/>.</summary>
    /// <param name="call">The call of the forward pass, with its output and log sums as that left them.</param>
    /// <param name="gradient">Gradients: of the output, read; of queries, keys and values, overwritten.</param>
    /// <param name="spans">The spans of the forward pass; their prefix gradients are added to.</param>
    public void AttendRowsGradient(in RowAttention call, in RowAttentionGradient gradient, ReadOnlySpan<RowSpan> spans) =>
        _rowAttention.RunGradient(call, gradient, spans);
}
