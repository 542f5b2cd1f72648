namespace SkPeft.Tensors.Kernels;

/// <summary>
/// A low-rank change with 8-bit factors and fp32 activations. A row's values do not depend on how many there are: one row decodes the factors on the
/// way, several decode them first, to the same numbers, and sum in the same order.
/// </summary>
internal abstract unsafe class LowRankKernel
{
    /// <summary>Most rows at a time.</summary>
    public const int MostRows = 32;

    private static readonly LowRankKernel[] s_all = [new LowRankKernelOf<Lanes128>(), new LowRankKernelOf<Lanes256>(), new LowRankKernelOf<Lanes512>()];

    public static LowRankKernel Get(InstructionSet set) => s_all[(int)set.Vectors()];

    /// <summary>Floats of scratch memory that <see cref="Run"/> takes.</summary>
    public abstract long ScratchFloats(LowRankFactors factors);

    /// <summary>y[i] += scale · B · (A · x[i]).</summary>
    /// <param name="rows">Factors and at most <see cref="MostRows"/> rows.</param>
    /// <param name="scratch">Scratch memory.</param>
    /// <param name="next">The factors that are wanted next: their beginning is fetched meanwhile.</param>
    public abstract void Run(in LowRankRows rows, float* scratch, LowRankFactors next);
}

/// <summary>The kernel with one kind of vector.</summary>
internal sealed unsafe class LowRankKernelOf<T> : LowRankKernel
    where T : unmanaged, ILanes<T>
{
    // The padded ends of two rows.
    private const int Rests = 2 * ByteBlocks.Length;

    public override long ScratchFloats(LowRankFactors factors) =>
        Rests + (MostRows * Padded(factors.Rank)) + (ByteBlocks.Length * Math.Max((long)LowRankDown<T>.Ranks * factors.Down.Count, factors.Rank));

    public override void Run(in LowRankRows rows, float* scratch, LowRankFactors next)
    {
        LowRankFactors factors = rows.Factors;
        if (rows.Count == 1)
        {
            RunOne(rows, scratch, new LowRankAhead(factors.Down.Start, factors.Bytes, next.Down.Start));
            return;
        }

        float* middle = scratch + Rests;
        float* weights = middle + (MostRows * Padded(factors.Rank));
        Down(rows, scratch, weights, middle);
        Up(rows, scratch, weights, middle);
    }

    // Four sums are written at a time.
    private static long Padded(int rank) => (rank + LowRankDown<T>.Ranks - 1) / LowRankDown<T>.Ranks * LowRankDown<T>.Ranks;

    private static void RunOne(in LowRankRows rows, float* scratch, LowRankAhead ahead)
    {
        LowRankFactors factors = rows.Factors;
        float* middle = scratch + Rests;
        PaddedRow x = new(rows.X, factors.Inputs, scratch);
        x.Pad();
        for (int rank = 0; rank < factors.Rank; rank += LowRankDown<T>.Ranks)
        {
            LowRankDown<T>.One(factors.Down, rank, x, ahead, middle + rank);
        }

        for (int rank = 0; rank < factors.Rank; rank++)
        {
            middle[rank] *= rows.Scale;
        }

        PaddedRow y = new(rows.Y, factors.Outputs, scratch);
        y.Pad();
        LowRankUp<T>.One(factors.Up, middle, y, ahead);
        y.Unpad();
    }

    private static void Down(in LowRankRows rows, float* rests, float* weights, float* middle)
    {
        LowRankFactors factors = rows.Factors;
        long stride = Padded(factors.Rank);
        for (int rank = 0; rank < factors.Rank; rank += LowRankDown<T>.Ranks)
        {
            LowRankDown<T>.Decode(factors.Down, rank, weights);
            for (int row = 0; row < rows.Count; row += 2)
            {
                PaddedRow x = new(rows.X + (row * rows.StrideX), factors.Inputs, rests);
                float* sums = middle + (row * stride) + rank;
                x.Pad();
                if (row + 1 == rows.Count)
                {
                    LowRankDown<T>.One(weights, factors.Down.Count, x, sums);
                    break;
                }

                PaddedRow z = new(rows.X + ((row + 1) * rows.StrideX), factors.Inputs, rests + ByteBlocks.Length);
                z.Pad();
                LowRankDown<T>.Two(weights, factors.Down.Count, x, z, sums, sums + stride);
            }
        }

        for (long i = 0; i < rows.Count * stride; i++)
        {
            middle[i] *= rows.Scale;
        }
    }

    private static void Up(in LowRankRows rows, float* rests, float* weights, float* middle)
    {
        LowRankFactors factors = rows.Factors;
        int rank = factors.Rank;
        long stride = Padded(rank);
        for (int block = 0; block < factors.Up.Count; block++)
        {
            LowRankUp<T>.Decode(factors.Up, block, weights);
            for (int row = 0; row < rows.Count; row += 2)
            {
                PaddedRow y = new(rows.Y + (row * rows.StrideY), factors.Outputs, rests);
                bool isWhole = (block + 1) * ByteBlocks.Length <= factors.Outputs, isLast = row + 1 == rows.Count;
                PaddedRow second = isLast ? y : new(rows.Y + ((row + 1) * rows.StrideY), factors.Outputs, rests + ByteBlocks.Length);
                if (!isWhole)
                {
                    y.Pad();
                    second.Pad();
                }

                if (isLast)
                {
                    LowRankUp<T>.One(weights, rank, middle + (row * stride), y.Block(block));
                }
                else
                {
                    LowRankUp<T>.Two(weights, rank, middle + (row * stride), middle + ((row + 1) * stride), y.Block(block), second.Block(block));
                }

                if (!isWhole)
                {
                    y.Unpad();
                    second.Unpad();
                }
            }
        }
    }
}
