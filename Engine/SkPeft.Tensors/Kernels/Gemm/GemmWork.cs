namespace SkPeft.Tensors.Kernels;

/// <summary>fp32 products of matrices in memory; see <see cref="ComputeContext.Gemm"/>.</summary>
internal sealed unsafe class GemmWork(BlockedProduct product)
{
    /// <summary>Columns of C below which Cᵀ = Bᵀ · Aᵀ is computed: a tile's columns would stay empty, its rows are fewer.</summary>
    private const int FewColumns = 32;

    private readonly DenseStrips _strips = new();

    public void Run(in GemmCall call)
    {
        if (call.M <= 0 || call.N <= 0)
        {
            return;
        }

        if (call.K <= 0)
        {
            ClearUnlessAccumulating(call);
            return;
        }

        bool swap = call.N < FewColumns && call.N < call.M;
        _strips.Prepare(swap ? call.A : call.B, swap ? call.M : call.N);
        product.Run(new BlockedCall
        {
            M = swap ? call.N : call.M,
            N = swap ? call.M : call.N,
            K = call.K,
            A = swap ? call.B : call.A,
            B = _strips,
            C = call.C,
            StrideC = call.StrideC,
            Accumulate = call.Accumulate,
            TransposedC = swap,
        });
    }

    private static void ClearUnlessAccumulating(in GemmCall call)
    {
        for (int r = 0; r < call.M && !call.Accumulate; r++)
        {
            new Span<float>(call.C + (r * call.StrideC), call.N).Clear();
        }
    }
}
