using SkPeft.Tensors.Kernels;

namespace SkPeft.Bench.Gemm;

/// <summary>The products of a shape, ours beside the peer's.</summary>
internal static unsafe class GemmDuels
{
    /// <summary>Forward, dX and dW of matrices in memory.</summary>
    public static Duel[] Dense(GemmShape shape, GemmMemory memory, ComputeContext compute, OpenBlas? peer)
    {
        (int m, int k, int n) = (shape.Rows, shape.Inputs, shape.Outputs);
        return
        [
            new("forward", shape, () => compute.Gemm(m, n, k, memory.X, k, false, memory.W, k, true, memory.Result, n, false), Forward(shape, memory, peer)),
            new("dX", shape, () => compute.Gemm(m, k, n, memory.Y, n, false, memory.W, k, false, memory.Result, k, false), Inputs(shape, memory, peer)),
            new("dW", shape, () => compute.Gemm(n, k, m, memory.Y, n, true, memory.X, k, false, memory.Result, k, false),
                peer is null ? null : () => peer.Gemm(n, k, m, memory.Y, true, memory.X, false, memory.Result)),
        ];
    }

    /// <summary>Forward and dX with packed weights.</summary>
    public static Duel[] Packed(GemmShape shape, GemmMemory memory, PackedMatrix weights, string format, ComputeContext compute, OpenBlas? peer)
    {
        (int m, int k, int n) = (shape.Rows, shape.Inputs, shape.Outputs);
        return
        [
            new($"forward {format}", shape, () => compute.Multiply(weights, memory.X, k, m, memory.Result, n, false, Precision.Exact), Forward(shape, memory, peer)),
            new($"dX {format}", shape, () => compute.MultiplyTransposed(weights, memory.Y, n, m, memory.Result, k, false), Inputs(shape, memory, peer)),
        ];
    }

    private static Action? Forward(GemmShape shape, GemmMemory memory, OpenBlas? peer) => peer is null
        ? null
        : () => peer.Gemm(shape.Rows, shape.Outputs, shape.Inputs, memory.X, false, memory.W, true, memory.Result);

    private static Action? Inputs(GemmShape shape, GemmMemory memory, OpenBlas? peer) => peer is null
        ? null
        : () => peer.Gemm(shape.Rows, shape.Inputs, shape.Outputs, memory.Y, false, memory.W, false, memory.Result);
}
