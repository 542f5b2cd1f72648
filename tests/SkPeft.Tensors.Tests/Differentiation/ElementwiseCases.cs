using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class ElementwiseCases
{
    // Equal shapes, rows, columns, ones on both sides, scalars of rank 0 and 1, axes that only one has.
    private static readonly (int[] A, int[] B)[] s_shapes =
    [
        ([4, 5], [4, 5]), ([3, 7], [7]), ([7], [3, 7]), ([3, 7], [3, 1]), ([3, 1], [1, 7]), ([2, 3], []), ([], [2, 3]), ([], []), ([5], [1]),
        ([2, 1, 3], [4, 1]), ([1, 1, 1], [2, 3, 1]), ([2, 3, 4, 5], [3, 1, 5]),
    ];

    public static IEnumerable<GradientCase> All =>
    [
        .. Pairs(nameof(TensorOps.Add), TensorOps.Add, (a, b) => a + b),
        .. Pairs(nameof(TensorOps.Subtract), TensorOps.Subtract, (a, b) => a - b),
        .. Pairs(nameof(TensorOps.Multiply), TensorOps.Multiply, (a, b) => a * b),
        .. Pairs(nameof(TensorOps.Divide), TensorOps.Divide, (a, b) => a / b),
        new(nameof(TensorOps.Scale), "a matrix", x => x[0].Scale(-1.75f), x => x[0].Each(v => -1.75 * v), [Plain.Random(1, 3, 5)]),
        new(nameof(TensorOps.AddScalar), "a matrix", x => x[0].AddScalar(0.3f), x => x[0].Each(v => v + 0.3f), [Plain.Random(1, 3, 5)]),
        new(nameof(TensorOps.BroadcastTo), "inner and outer axes", x => x[0].BroadcastTo(2, 3, 4), x => Numbers.Make([2, 3, 4], x[0].Repeated), [Plain.Random(1, 3, 1)]),
        new(nameof(TensorOps.BroadcastTo), "the same shape", x => x[0].BroadcastTo(2, 3), x => x[0].Each(v => v), [Plain.Random(1, 2, 3)]),
    ];

    private static IEnumerable<GradientCase> Pairs(string name, Func<Tensor, Tensor, Tensor> operation, Func<double, double, double> reference) =>
        s_shapes.Select(s => new GradientCase(
            name,
            $"[{string.Join(", ", s.A)}] and [{string.Join(", ", s.B)}]",
            x => operation(x[0], x[1]),
            x => Numbers.Make(Common(x[0].Shape, x[1].Shape), index => reference(x[0].Repeated(index), x[1].Repeated(index))),
            [Plain.Random(1, s.A), AwayFromZero(Plain.Random(2, s.B))]));

    private static Tensor AwayFromZero(Tensor x)
    {
        foreach (ref float v in x.Data)
        {
            v += MathF.CopySign(0.5f, v);
        }

        return x;
    }

    private static int[] Common(int[] a, int[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        return [.. Enumerable.Range(0, rank).Select(i => Math.Max(Extent(a, rank, i), Extent(b, rank, i)))];
    }

    private static int Extent(int[] shape, int rank, int axis) => axis < rank - shape.Length ? 1 : shape[axis - rank + shape.Length];
}
