using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class BatchedCases
{
    public static IEnumerable<GradientCase> All =>
    [
        Batched(3, 2, 5, 4), Batched(1, 1, 1, 1), Batched(2, 5, 3, 17),
        Blocks(4, 3, 2, 2), Blocks(5, 2, 3, 4), Blocks(1, 1, 5, 1), Blocks(6, 2, 1, 18),
    ];

    private static GradientCase Batched(int batch, int n, int k, int m) =>
        new(nameof(TensorOps.MatMulBatched), $"{batch} of {n} x {k} x {m}", x => x[0].MatMulBatched(x[1]),
            x => Numbers.Make([batch, n, m], i => Numbers.Sum(k, s => x[0][i[0], i[1], s] * x[1][i[0], s, i[2]])),
            [Plain.Random(1, batch, n, k), Plain.Random(2, batch, k, m)]);

    private static GradientCase Blocks(int n, int count, int s, int t) =>
        new(nameof(TensorOps.MatMulBlocks), $"{n} rows, {count} blocks of {s} x {t}", x => x[0].MatMulBlocks(x[1]),
            x => Numbers.Make([n, count * t], i => Numbers.Sum(s, k => x[0][i[0], (i[1] / t * s) + k] * x[1][i[1] / t, k, i[1] % t])),
            [Plain.Random(1, n, count * s), Plain.Random(2, count, s, t)]);
}
