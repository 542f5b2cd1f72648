namespace SkPeft.Tensors.Kernels;

/// <summary>The two factors of a low-rank change of a linear layer (LoRA, Hu et al. 2021), packed once: ΔW = scale · B · A.</summary>
public sealed class LowRankFactors : IDisposable
{
    /// <summary>Packs the factors.</summary>
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

        float[] scaled = b.ToArray();
        foreach (ref float value in scaled.AsSpan())
        {
            value *= scale;
        }

        A = MatrixPacker.Pack(MatrixSource.FromFloats(a.ToArray(), rank, a.Length / rank));
        B = MatrixPacker.Pack(MatrixSource.FromFloats(scaled, b.Length / rank, rank));
    }

    /// <summary>Rank.</summary>
    public int Rank => A.Rows;

    /// <summary>Inputs of A.</summary>
    public int Inputs => A.Columns;

    /// <summary>Outputs of B.</summary>
    public int Outputs => B.Rows;

    /// <summary>Bytes of native memory held.</summary>
    public long Bytes => A.Bytes + B.Bytes;

    internal PackedMatrix A { get; }

    internal PackedMatrix B { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}
