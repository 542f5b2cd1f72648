namespace SkPeft.Tensors.Kernels;

/// <summary>
/// The two factors of a low-rank change of a linear layer (LoRA, arXiv 2106.09685), laid out once: ΔW = scale · B · A with a scale of
/// each use (adapters on one request share them, whatever their weights). The fp32 factors are the
/// caller's own; beside them stand 8-bit ones, blocks of 32 with a scale each as in GGML's Q8_0, for <see cref="Precision.Fast"/> steps, where
/// reading the factors is most of the time that they take.
/// </summary>
public sealed unsafe class LowRankFactors : IDisposable
{
    private readonly NativeBuffer _memory;

    /// <summary>Takes the factors; they must not change.</summary>
    /// <param name="a">A, [rank, inputs].</param>
    /// <param name="b">B, [outputs, rank].</param>
    /// <exception cref="ArgumentException">The factors are no matrices of one rank.</exception>
    public LowRankFactors(Tensor a, Tensor b)
        : this(a, b, new NativeBuffer(BytesFor(a, b)), 0)
    {
    }

    private LowRankFactors(Tensor a, Tensor b, NativeBuffer memory, long offset)
    {
        (A, B, Rank, Inputs, Outputs, _memory) = (a, b, a[0], a[1], b[0], memory);
        Down = new ByteBlocks(memory.Start + offset, Rank, Inputs);
        Up = new ByteBlocks(Down.Start + ByteBlocks.BytesFor(Rank, Inputs), Rank, Outputs);
        Down.Round(a.Data, 1, Inputs);
        Up.Round(b.Data, Rank, 1);
    }

    /// <summary>Rank.</summary>
    public int Rank { get; }

    /// <summary>Inputs of A.</summary>
    public int Inputs { get; }

    /// <summary>Outputs of B.</summary>
    public int Outputs { get; }

    /// <summary>Bytes of native memory held.</summary>
    public long Bytes => ByteBlocks.BytesFor(Rank, Inputs) + ByteBlocks.BytesFor(Rank, Outputs);

    /// <summary>A, [rank, inputs].</summary>
    internal Tensor A { get; }

    /// <summary>B, [outputs, rank].</summary>
    internal Tensor B { get; }

    /// <summary>A in blocks of inputs.</summary>
    internal ByteBlocks Down { get; }

    /// <summary>B in blocks of outputs; it follows <see cref="Down"/> in memory.</summary>
    internal ByteBlocks Up { get; }

    /// <summary>Takes the factors of several changes and lays them out one behind the other: what is used in this order is read from memory in one go.</summary>
    /// <param name="pairs">A and B of each, as in the constructor.</param>
    /// <returns>The changes in their order; they share memory and are disposed of together.</returns>
    /// <exception cref="ArgumentException">Factors are no matrices of one rank.</exception>
    public static IReadOnlyList<LowRankFactors> InOrder(IReadOnlyList<(Tensor A, Tensor B)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        long[] offsets = new long[pairs.Count + 1];
        for (int i = 0; i < pairs.Count; i++)
        {
            offsets[i + 1] = offsets[i] + BytesFor(pairs[i].A, pairs[i].B);
        }

        // A request may be waiting for them, and one core takes ten milliseconds for ten megabytes.
        NativeBuffer memory = new(offsets[^1]);
        LowRankFactors[] result = new LowRankFactors[pairs.Count];
        Parallel.For(0, pairs.Count, i => result[i] = new LowRankFactors(pairs[i].A, pairs[i].B, memory, offsets[i]));
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static long BytesFor(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return a.Rank == 2 && b.Rank == 2 && a[0] == b[1] && a[0] >= 1
            ? ByteBlocks.BytesFor(a[0], a[1]) + ByteBlocks.BytesFor(a[0], b[0])
            : throw new ArgumentException($"A {a.ShapeText} and B {b.ShapeText} are no factors [rank, inputs] and [outputs, rank] of one rank.", nameof(b));
    }
}
