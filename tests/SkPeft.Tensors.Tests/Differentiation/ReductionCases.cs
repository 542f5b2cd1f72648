using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class ReductionCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("Sum(x, axis)", "the outer axis", x => x[0].Sum(0), x => Numbers.Make([3, 4], i => Numbers.Sum(2, k => x[0][k, i[0], i[1]])), [Plain.Random(1, 2, 3, 4)]),
        new("Sum(x, axis)", "a middle axis", x => x[0].Sum(1), x => Numbers.Make([2, 4], i => Numbers.Sum(3, k => x[0][i[0], k, i[1]])), [Plain.Random(1, 2, 3, 4)]),
        new("Sum(x, axis)", "the inner axis", x => x[0].Sum(-1), x => Numbers.Make([2, 3], i => Numbers.Sum(4, k => x[0][i[0], i[1], k])), [Plain.Random(1, 2, 3, 4)]),
        new("Sum(x, axis)", "an axis of one", x => x[0].Sum(0), x => Numbers.Make([5], i => x[0][0, i[0]]), [Plain.Random(1, 1, 5)]),
        new("Sum(x)", "a matrix", x => x[0].Sum(), x => Numbers.Make([], _ => x[0].Values.Sum()), [Plain.Random(1, 3, 4)]),
        new("Sum(x)", "a scalar", x => x[0].Sum(), x => Numbers.Make([], _ => x[0].Values.Sum()), [Plain.Random(1)]),
        new("Mean(x)", "a matrix", x => x[0].Mean(), x => Numbers.Make([], _ => x[0].Values.Average()), [Plain.Random(1, 3, 4)]),
        new("Mean(x, axis)", "a middle axis",
            x => x[0].Mean(1), x => Numbers.Make([2, 4], i => Numbers.Sum(3, k => x[0][i[0], k, i[1]]) / 3), [Plain.Random(1, 2, 3, 4)]),
        Norms(3, 7),
        Norms(4, 1),
        Softmax(0, 6, 4),
        Softmax(1, 6, 4),
        Softmax(1, 2, 5, 3),
        Softmax(-1, 4, 1),
    ];

    private static GradientCase Norms(int n, int m) =>
        new(nameof(TensorOps.RowNorms), $"rows of {m}",
            x => x[0].RowNorms(), x => Numbers.Make([n, 1], i => Math.Sqrt(Numbers.Sum(m, k => Math.Pow(x[0][i[0], k], 2)))), [Plain.Random(3, n, m)]);

    private static GradientCase Softmax(int axis, params int[] shape)
    {
        int at = axis < 0 ? axis + shape.Length : axis;
        return new(nameof(TensorOps.Softmax), $"axis {axis} of {string.Join(" x ", shape)}", x => x[0].Softmax(axis),
            x => Numbers.Make(shape, i => Math.Exp(x[0][i]) / Numbers.Sum(shape[at], k => Math.Exp(x[0][Numbers.At(i, at, k)]))), [Plain.Random(4, shape)]);
    }
}
