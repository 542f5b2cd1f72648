using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Bench.Kernels;

/// <summary>Weights of one format with arbitrary values: speed does not depend on them.</summary>
internal sealed class WeightSample(string name, TensorType type, params Precision[] precisions)
{
    /// <summary>One sample for every panel format that has kernels of its own.</summary>
    public static IReadOnlyList<WeightSample> All { get; } =
    [
        new("F32", TensorType.F32, Precision.Exact),
        new("F16", TensorType.F16, Precision.Exact),
        new("BF16", TensorType.BF16, Precision.Exact),
        new("Q8_0", TensorType.Q8_0, Precision.Int8, Precision.Fast, Precision.Exact),
        new("Q4_0", TensorType.Q4_0, Precision.Int8, Precision.Fast),
        new("Q4_1", TensorType.Q4_1, Precision.Int8, Precision.Fast, Precision.Exact),
        new("Q4_K", TensorType.Q4_K, Precision.Int8, Precision.Fast),
        new("Q6_K", TensorType.Q6_K, Precision.Int8, Precision.Fast),
        new("Q5_K", TensorType.Q5_K, Precision.Int8, Precision.Fast),
    ];

    public string Name => name;

    public IReadOnlyList<Precision> Precisions => precisions;

    public PackedMatrix Pack(int rows, int columns, WorkerTeam team)
    {
        byte[] bytes = new byte[(long)rows * columns / type.BlockSize() * type.BytesPerBlock()];

        // 0x2C2C is 0.065 as fp16, and bytes of 0x2C are ordinary fp32 and bfloat16 numbers too.
        bytes.AsSpan().Fill(0x2C);
        return MatrixPacker.Pack(MatrixSource.FromBytes(type, bytes, rows, columns), team);
    }

    /// <summary>How many matrices of this format take up at least so many bytes.</summary>
    public int CopiesBeyond(long wanted, int rows, int columns) =>
        (int)(wanted / ((long)rows * columns / type.BlockSize() * type.BytesPerBlock())) + 1;
}
