namespace SkPeft.Tensors.Kernels;

/// <summary>The two factors of a low-rank change of a linear layer (LoRA, Hu et al. 2021), laid out once: ΔW = scale · B · A.</summary>
public sealed unsafe class LowRankFactors : IDisposable
{
    private readonly NativeBuffer _a;
    private readonly NativeBuffer _b;

    /// <summary>Copies the factors.</summary>
    /// <param name="a">A, [rank, inputs], row-major.</param>
    /// <param name="b">B, [outputs, rank], row-major.</param>
    /// <param name="rank">Rank, at least 1.</param>
    /// <param name="scale">Factor on the product; it is folded into B.</param>
    /// <exception cref="ArgumentException">A size is not a multiple of the rank.</exception>
    public LowRankFactors(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int rank, float scale)
    {
        if (rank < 1 || a.Length % rank != 0 || b.Length % rank != 0)
        {
            throw new ArgumentException($"{a.Length} values of A and {b.Length} of B are no matrices of rank {rank}.", nameof(rank));
        }

        (Rank, Inputs, Outputs) = (rank, a.Length / rank, b.Length / rank);
        _a = new NativeBuffer((long)a.Length * sizeof(float));
        _b = new NativeBuffer((long)b.Length * sizeof(float));
        a.CopyTo(new Span<float>(_a.Start, a.Length));

        // B is transposed, so that a rank's outputs are contiguous.
        for (int i = 0; i < b.Length; i++)
        {
            _b.Floats[((long)(i % rank) * Outputs) + (i / rank)] = scale * b[i];
        }
    }

    /// <summary>Rank.</summary>
    public int Rank { get; }

    /// <summary>Inputs of A.</summary>
    public int Inputs { get; }

    /// <summary>Outputs of B.</summary>
    public int Outputs { get; }

    /// <summary>Bytes of native memory held.</summary>
    public long Bytes => _a.Bytes + _b.Bytes;

    /// <summary>A, [rank, inputs].</summary>
    internal float* A => _a.Floats;

    /// <summary>scale · Bᵀ, [rank, outputs].</summary>
    internal float* B => _b.Floats;

    /// <inheritdoc/>
    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }
}
