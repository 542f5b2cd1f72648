using SkPeft.Bench.Kernels;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Bench.Training;

/// <summary>What this machine reaches in large fp32 products: the ceiling beside which a step is judged.</summary>
internal static unsafe class ProductPeak
{
    /// <summary>GFLOP/s, the best of 1024³ and 2048³.</summary>
    public static double Gigaflops(int threads)
    {
        using WorkerTeam team = new(threads);
        using ComputeContext compute = new(team);
        return Math.Max(Of(compute, 1024), Of(compute, 2048));
    }

    private static double Of(ComputeContext compute, int size)
    {
        long floats = (long)size * size;
        using NativeBuffer a = new(floats * sizeof(float)), b = new(floats * sizeof(float)), c = new(floats * sizeof(float));
        new Span<float>(a.Floats, (int)floats).Fill(0.5f);
        new Span<float>(b.Floats, (int)floats).Fill(0.25f);
        return 2.0 * floats * size / Stopclock.Best(() => compute.Gemm(size, size, size, a.Floats, size, false, b.Floats, size, false, c.Floats, size, false)) / 1e9;
    }
}
