using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class MatrixCases
{
    private static readonly (int N, int K, int M)[] s_extents = [(1, 1, 1), (3, 17, 5), (7, 1, 9), (1, 6, 1), (5, 4, 33)];

    public static IEnumerable<GradientCase> All =>
    [
        .. s_extents.SelectMany(e => Products(e.N, e.K, e.M)),
        new(nameof(TensorOps.Transpose), "a matrix", x => x[0].Transpose(), x => Numbers.Make([5, 3], i => x[0][i[1], i[0]]), [Plain.Random(1, 3, 5)]),
        new(nameof(TensorOps.Transpose), "a row", x => x[0].Transpose(), x => Numbers.Make([5, 1], i => x[0][i[1], i[0]]), [Plain.Random(1, 1, 5)]),
    ];

    private static IEnumerable<GradientCase> Products(int n, int k, int m)
    {
        string title = $"{n} x {k} x {m}";
        yield return new(nameof(TensorOps.MatMul), title, x => x[0].MatMul(x[1]),
            x => Numbers.Make([n, m], i => Numbers.Sum(k, s => x[0][i[0], s] * x[1][s, i[1]])), [Plain.Random(1, n, k), Plain.Random(2, k, m)]);
        yield return new(nameof(TensorOps.MatMulTransposed), title, x => x[0].MatMulTransposed(x[1]),
            x => Numbers.Make([n, m], i => Numbers.Sum(k, s => x[0][i[0], s] * x[1][i[1], s])), [Plain.Random(1, n, k), Plain.Random(2, m, k)]);
        yield return new(nameof(TensorOps.TransposedMatMul), title, x => x[0].TransposedMatMul(x[1]),
            x => Numbers.Make([n, m], i => Numbers.Sum(k, s => x[0][s, i[0]] * x[1][s, i[1]])), [Plain.Random(1, k, n), Plain.Random(2, k, m)]);
    }
}
