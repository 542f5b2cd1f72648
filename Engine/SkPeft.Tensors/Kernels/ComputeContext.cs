using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// The CPU operations of a transformer, on one team of workers and with one instruction set. Calls run on the whole team where
/// the size pays for it. One thread at a time: the context owns scratch memory.
/// All pointers are caller-owned; rows are given by a stride in floats; no alignment is required.
/// </summary>
public sealed unsafe partial class ComputeContext : IDisposable
{
    /// <summary>Row operations below so many values (weighted by effort) stay on the calling thread.</summary>
    private const long SmallWork = 16_384;

    private readonly VectorKernels _vectors;
    private readonly MatrixProduct _product;
    private readonly AttentionWork _attention;
    private readonly BlockedProduct _blocked;
    private readonly GemmWork _gemm;
    private readonly RowAttentionWork _rowAttention;
    private readonly LowRankWork _lowRank;
    private readonly LowRankProducts _lowRankProducts;
    private readonly Scratch _middle = new();

    /// <summary>Creates a context.</summary>
    /// <param name="team">The workers; not disposed here.</param>
    /// <param name="forced">Forces an instruction set; else see <see cref="InstructionSets.Select"/>.</param>
    /// <exception cref="InvalidOptionException">The instruction set asked for is unknown or unsupported.</exception>
    public ComputeContext(WorkerTeam team, InstructionSet? forced = null)
    {
        Team = team;
        InstructionSet = InstructionSets.Select(forced);
        _vectors = VectorKernels.Get(InstructionSet);
        _blocked = new BlockedProduct(team, InstructionSet);
        _product = new MatrixProduct(team, InstructionSet, _blocked);
        _attention = new AttentionWork(team, InstructionSet);
        _gemm = new GemmWork(_blocked);
        _rowAttention = new RowAttentionWork(team, InstructionSet);
        _lowRank = new LowRankWork(team, InstructionSet);
        _lowRankProducts = new LowRankProducts(team, InstructionSet);
        _rows = new RowPassWork(team, _vectors, SmallWork);
    }

    /// <summary>The workers.</summary>
    public WorkerTeam Team { get; }

    /// <summary>Bytes of scratch memory that the contexts of this process hold; they grow to the largest call seen.</summary>
    public static long ScratchBytes => Scratch.Held;

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
    public void Multiply(PackedMatrix weights, float* x, long strideX, int n, float* y, long strideY, bool accumulate, Precision precision) =>
        _product.Run(CallOf(weights, x, strideX, n, y, strideY, accumulate), precision);

    /// <summary>y[i] = x[i] / √(mean(x[i]²) + ε) · weight, for n rows of <paramref name="size"/>. y may be x.</summary>
    public void RmsNorm(float* x, long strideX, float* weight, float epsilon, float* y, long strideY, int n, int size) =>
        ForRows(n, size, (first, end) =>
        {
            for (long i = first; i < end; i++)
            {
                _vectors.RmsNorm(x + (i * strideX), weight, epsilon, y + (i * strideY), size);
            }
        });

    /// <summary>Rotates pairs (d, d + headDim/2) of every head in place (rotate-half, as Hugging Face's LLaMA).</summary>
    /// <param name="x">Row i at x + i · stride, [heads · headDim].</param>
    /// <param name="stride">Floats between rows.</param>
    /// <param name="n">Number of rows.</param>
    /// <param name="heads">Heads in a row.</param>
    /// <param name="headDim">Values in a head; even.</param>
    /// <param name="cosines">[position][headDim/2].</param>
    /// <param name="sines">[position][headDim/2].</param>
    /// <param name="positions">Position of every row.</param>
    public void Rope(float* x, long stride, int n, int heads, int headDim, float* cosines, float* sines, int* positions) =>
        ForRows(n, heads * headDim, (first, end) =>
        {
            int half = headDim / 2;
            for (long i = first; i < end; i++)
            {
                long angle = (long)positions[i] * half;
                for (int h = 0; h < heads; h++)
                {
                    _vectors.Rope(x + (i * stride) + ((long)h * headDim), cosines + angle, sines + angle, half);
                }
            }
        });

    /// <summary>y[i] = silu(gate[i]) · up[i], for n rows of <paramref name="size"/>; gate and up share a stride. y may be gate.</summary>
    public void SwiGlu(float* gate, float* up, long stride, float* y, long strideY, int n, int size) =>
        ForRows(n, 4 * size, (first, end) =>
        {
            for (long i = first; i < end; i++)
            {
                _vectors.SwiGlu(gate + (i * stride), up + (i * stride), y + (i * strideY), size);
            }
        });

    /// <summary>Causal grouped-query attention of one layer; see <see cref="AttentionCall"/>.</summary>
    /// <param name="call">Tensors and sizes.</param>
    /// <param name="spans">Which rows belong to which sequence.</param>
    public void Attend(in AttentionCall call, ReadOnlySpan<AttentionSpan> spans) => _attention.Run(call, spans);

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
    public void Gemm(int m, int n, int k, float* a, long strideA, bool transposeA, float* b, long strideB, bool transposeB, float* c, long strideC, bool accumulate) =>
        _gemm.Run(GemmCall.Of(m, n, k, a, strideA, transposeA, b, strideB, transposeB, c, strideC, accumulate));

    /// <inheritdoc/>
    public void Dispose()
    {
        _product.Dispose();
        _attention.Dispose();
        _blocked.Dispose();
        _rowAttention.Dispose();
        _lowRank.Dispose();
        _lowRankProducts.Dispose();
        _middle.Dispose();
        _factors.Dispose();
    }

    private static MatMulCall CallOf(PackedMatrix weights, float* x, long strideX, int n, float* y, long strideY, bool accumulate) => new()
    {
        Weights = weights,
        X = x,
        StrideX = strideX,
        Count = n,
        Y = y,
        StrideY = strideY,
        Accumulate = accumulate,
    };

    private void ForRows(int n, int effort, Action<int, int> body)
    {
        if (Team.Count == 1 || n < 2 || (long)n * effort < SmallWork)
        {
            body(0, n);
        }
        else
        {
            Team.Run(new RangeWork(n, body));
        }
    }
}
