using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// The CPU operations of a transformer, on one team of workers and with one instruction set. Calls run on the whole team where
/// the size pays for it. One thread at a time: the context owns scratch memory.
/// All pointers are caller-owned; rows are given by a stride in floats; no alignment is required.
/// </summary>
public sealed unsafe partial class ComputeContext : IDisposable
{
    private readonly MatrixProduct _product;

    /// <summary>Creates a context.</summary>
    /// <param name="team">The workers; not disposed here.</param>
    /// <param name="forced">Forces an instruction set; else see <see cref="InstructionSets.Select"/>.</param>
    /// <exception cref="InvalidOptionException">The instruction set asked for is unknown or unsupported.</exception>
    public ComputeContext(WorkerTeam team, InstructionSet? forced = null)
    {
        Team = team;
        InstructionSet = InstructionSets.Select(forced);
        _product = new MatrixProduct(team, InstructionSet);
    }

    /// <summary>The workers.</summary>
    public WorkerTeam Team { get; }

    /// <summary>The instruction set in use.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>y[i] (+)= W · x[i] for n rows.</summary>
    /// <param name="weights">W, [out, in].</param>
    /// <param name="x">Inputs: row i at x + i · <paramref name="strideX"/>, in values.</param>
    /// <param name="strideX">Floats between rows of x.</param>
    /// <param name="n">Number of rows; 0 does nothing.</param>
    /// <param name="y">Outputs, out values a row.</param>
    /// <param name="strideY">Floats between rows of y.</param>
    /// <param name="accumulate">True adds to y, false overwrites it.</param>
    /// <param name="precision">See <see cref="Precision"/>.</param>
    public void Multiply(PackedMatrix weights, float* x, long strideX, int n, float* y, long strideY, bool accumulate, Precision precision)
    {
        var call = new MatMulCall
        {
            Weights = weights,
            X = x,
            StrideX = strideX,
            Count = n,
            Y = y,
            StrideY = strideY,
            Accumulate = accumulate,
        };
        _product.Run(call, precision);
    }

    /// <summary>y[i] = x[i] / √(mean(x[i]²) + ε) · weight, for n rows of <paramref name="size"/>. y may be x.</summary>
    public void RmsNorm(float* x, long strideX, float* weight, float epsilon, float* y, long strideY, int n, int size)
    {
        for (int i = 0; i < n; i++, x += strideX, y += strideY)
        {
            float squares = Dot(x, x, size);
            float factor = 1f / MathF.Sqrt((squares / size) + epsilon);
            for (int k = 0; k < size; k++)
            {
                y[k] = x[k] * factor * weight[k];
            }
        }
    }

    /// <summary>Rotates pairs (d, d + headDim/2) of every head in place (rotate-half, as Hugging Face's LLaMA).</summary>
    /// <param name="x">Row i at x + i · stride, [heads · headDim].</param>
    /// <param name="stride">Floats between rows.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="heads">Heads in a row.</param>
    /// <param name="headDim">Values in a head; even.</param>
    /// <param name="cosines">[position][headDim/2].</param>
    /// <param name="sines">[position][headDim/2].</param>
    /// <param name="positions">Position of every row.</param>
    public void Rope(float* x, long stride, int n, int heads, int headDim, float* cosines, float* sines, int* positions)
    {
        int half = headDim / 2;
        for (int i = 0; i < n; i++)
        {
            float* cos = cosines + ((long)positions[i] * half);
            float* sin = sines + ((long)positions[i] * half);
            for (int h = 0; h < heads; h++)
            {
                float* a = x + (i * stride) + ((long)h * headDim);
                for (int d = 0; d < half; d++)
                {
                    float first = a[d];
                    float second = a[d + half];
                    a[d] = (first * cos[d]) - (second * sin[d]);
                    a[d + half] = (second * cos[d]) + (first * sin[d]);
                }
            }
        }
    }

    /// <summary>y[i] = silu(gate[i]) · up[i], for n rows of <paramref name="size"/>; gate and up share a stride. y may be gate.</summary>
    public void SwiGlu(float* gate, float* up, long stride, float* y, long strideY, int n, int size)
    {
        for (int i = 0; i < n; i++, gate += stride, up += stride, y += strideY)
        {
            for (int k = 0; k < size; k++)
            {
                y[k] = (float)(gate[k] / (1 + Math.Exp(-gate[k]))) * up[k];
            }
        }
    }

    /// <summary>Causal grouped-query attention of one layer; see <see cref="AttentionCall"/>.</summary>
    /// <param name="call">Tensors and sizes.</param>
    /// <param name="spans">Which rows belong to which sequence.</param>
    public void Attend(in AttentionCall call, ReadOnlySpan<AttentionSpan> spans)
    {
        KvPageLayout layout = call.Layout;
        int dim = layout.HeadDim;
        int group = call.Heads / layout.KvHeads;
        float[] keys = new float[layout.KvHeads * dim];
        foreach (AttentionSpan span in spans)
        {
            for (int i = 0; i < span.Rows; i++)
            {
                int seen = span.FirstPosition + i + 1;
                for (int h = 0; h < call.Heads; h++)
                {
                    float* q = call.Queries + ((span.FirstRow + i) * call.QueryStride) + (h * dim);
                    float* o = call.Output + ((span.FirstRow + i) * call.OutputStride) + (h * dim);
                    float[] scores = new float[seen];
                    fixed (float* kv = keys, s = scores)
                    {
                        for (int p = 0; p < seen; p++)
                        {
                            KvPages.ReadKey(layout, span.Pages[p / 16], call.Layer, p % 16, kv);
                            s[p] = Dot(q, kv + (h / group * dim), dim) * call.Scale;
                        }

                        Softmax(s, seen);
                        new Span<float>(o, dim).Clear();
                        for (int p = 0; p < seen; p++)
                        {
                            KvPages.ReadValue(layout, span.Pages[p / 16], call.Layer, p % 16, kv);
                            Axpy(s[p], kv + (h / group * dim), o, dim);
                        }
                    }
                }
            }
        }
    }

    /// <summary>y[i] += scale · B · (A · x[i]) for n rows: a LoRA's contribution.</summary>
    /// <param name="a">[rank, in], row-major.</param>
    /// <param name="b">[out, rank], row-major.</param>
    /// <param name="rank">Rank.</param>
    /// <param name="inputs">Inputs of A.</param>
    /// <param name="outputs">Outputs of B.</param>
    /// <param name="scale">Factor.</param>
    /// <param name="x">Input rows.</param>
    /// <param name="strideX">Floats between rows of x.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="y">Output rows, added to.</param>
    /// <param name="strideY">Floats between rows of y.</param>
    public void LowRankAdd(float* a, float* b, int rank, int inputs, int outputs, float scale, float* x, long strideX, int n, float* y, long strideY)
    {
        float[] middle = new float[rank];
        fixed (float* m = middle)
        {
            for (int i = 0; i < n; i++)
            {
                for (int r = 0; r < rank; r++)
                {
                    m[r] = scale * Dot(a + ((long)r * inputs), x + (i * strideX), inputs);
                }

                for (int o = 0; o < outputs; o++)
                {
                    y[(i * strideY) + o] += Dot(b + ((long)o * rank), m, rank);
                }
            }
        }
    }

    /// <summary>C (+)= op(A) · op(B), fp32, row-major; C is [m, n], the sum runs over k.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">A, [m, k]; [k, m] where transposed.</param>
    /// <param name="strideA">Floats between stored rows of A.</param>
    /// <param name="transposeA">True where A is stored [k, m].</param>
    /// <param name="b">B, [k, n]; [n, k] where transposed.</param>
    /// <param name="strideB">Floats between stored rows of B.</param>
    /// <param name="transposeB">True where B is stored [n, k].</param>
    /// <param name="c">C.</param>
    /// <param name="strideC">Floats between rows of C.</param>
    /// <param name="accumulate">True adds to C, false overwrites it.</param>
    public void Gemm(int m, int n, int k, float* a, long strideA, bool transposeA, float* b, long strideB, bool transposeB, float* c, long strideC, bool accumulate)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int l = 0; l < k; l++)
                {
                    sum += (transposeA ? a[(l * strideA) + i] : a[(i * strideA) + l]) * (transposeB ? b[(j * strideB) + l] : b[(l * strideB) + j]);
                }

                float* to = c + (i * strideC) + j;
                *to = accumulate ? *to + sum : sum;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _product.Dispose();
}
