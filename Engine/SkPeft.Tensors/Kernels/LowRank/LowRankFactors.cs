namespace SkPeft.Tensors.Kernels;

/// <summary>
/// The two factors of a low-rank change of a linear layer (LoRA, arXiv 2106.09685), laid out once: ΔW = scale · B · A with a scale of
/// each use (adapters on one request share them, whatever their weights). The fp32 factors are the
/// caller's own; beside them stand 8-bit ones, blocks of 32 with a scale each as in GGML's Q8_0, for <see cref="Precision.Fast"/> steps of few
/// rows, where reading the factors is all the time that they take.
/// </summary>
public sealed unsafe class LowRankFactors : IDisposable
{
    /// <summary>Takes the factors; they must not change.</summary>
    /// <param name="a">A, [rank, inputs].</param>
    /// <param name="b">B, [outputs, rank].</param>
    /// <exception cref="ArgumentException">The factors are no matrices of one rank.</exception>
    public LowRankFactors(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Rank != 2 || b.Rank != 2 || a[0] != b[1] || a[0] < 1)
        {
            throw new ArgumentException($"A {a.ShapeText} and B {b.ShapeText} are no factors [rank, inputs] and [outputs, rank] of one rank.", nameof(b));
        }

        (A, B, Rank, Inputs, Outputs) = (a, b, a[0], a[1], b[0]);
        Down = ByteBlocks.Rows(a.Data, Rank, Inputs);
        Up = ByteBlocks.Columns(b.Data, Outputs, Rank);
    }

    /// <summary>Rank.</summary>
    public int Rank { get; }

    /// <summary>Inputs of A.</summary>
    public int Inputs { get; }

    /// <summary>Outputs of B.</summary>
    public int Outputs { get; }

    /// <summary>Bytes of native memory held.</summary>
    public long Bytes => Down.Bytes + Up.Bytes;

    /// <summary>A, [rank, inputs].</summary>
    internal Tensor A { get; }

    /// <summary>B, [outputs, rank].</summary>
    internal Tensor B { get; }

    /// <summary>A in blocks, a rank after the other.</summary>
    internal ByteBlocks Down { get; }

    /// <summary>Bᵀ in blocks of 32 outputs, all ranks of a block together.</summary>
    internal ByteBlocks Up { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Down.Dispose();
        Up.Dispose();
    }
}
