using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class LogarithmicCases
{
    private static readonly int[] s_labels = [2, 0, 2, 1];

    public static IEnumerable<GradientCase> All =>
    [
        LogSumExp(0), LogSumExp(1), LogSumExp(-1),
        LogSoftmax(0), LogSoftmax(1), LogSoftmax(-1),
        new(nameof(TensorOps.SoftmaxCrossEntropy), "four rows of three classes", x => x[0].SoftmaxCrossEntropy(s_labels),
            x => Numbers.Make([4], i => Math.Log(Numbers.Sum(3, k => Math.Exp(x[0][i[0], k]))) - x[0][i[0], s_labels[i[0]]]), [Plain.Random(3, 4, 3)]),
    ];

    private static GradientCase LogSumExp(int axis)
    {
        int at = axis < 0 ? axis + 3 : axis;
        return new(nameof(TensorOps.LogSumExp), $"axis {axis}", x => x[0].LogSumExp(axis),
            x => Numbers.Make([.. x[0].Shape.Where((_, a) => a != at)], i => Log(x[0], [.. i[..at], 0, .. i[at..]], at)), [Plain.Random(1, 2, 3, 4)]);
    }

    private static GradientCase LogSoftmax(int axis)
    {
        int at = axis < 0 ? axis + 3 : axis;
        return new(nameof(TensorOps.LogSoftmax), $"axis {axis}", x => x[0].LogSoftmax(axis),
            x => Numbers.Make(x[0].Shape, i => x[0][i] - Log(x[0], i, at)), [Plain.Random(2, 2, 3, 4)]);
    }

    private static double Log(Numbers x, int[] index, int axis) =>
        Math.Log(Numbers.Sum(x.Shape[axis], k => Math.Exp(x[Numbers.At(index, axis, k)])));
}
