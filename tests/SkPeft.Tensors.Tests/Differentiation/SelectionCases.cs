using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class SelectionCases
{
    private static readonly int[] s_elements = [4, 4, 0, 1, 3, 2];
    private static readonly int[] s_rows = [3, 0];

    public static IEnumerable<GradientCase> All =>
    [
        new(nameof(TensorOps.GatherElements), "one twice",
            x => x[0].GatherElements(s_elements, 2), x => Numbers.Make([3, 2], i => x[0][i[0], s_elements[(i[0] * 2) + i[1]]]), [Plain.Random(1, 3, 5)]),
        TopK(3, 4, 7),
        TopK(1, 2, 1),
        new(nameof(TensorOps.TopK), "two outer axes", x => x[0].TopK(2, out _),
            x => Numbers.Make([2, 3, 2], i => Enumerable.Range(0, 5).Select(k => x[0][i[0], i[1], k]).OrderDescending().ElementAt(i[2])), [Plain.Random(3, 2, 3, 5)]),
        new(nameof(TensorOps.ScatterRows), "two of four", x => x[0].ScatterRows(s_rows, x[1]),
            x => Numbers.Make([4, 3], i => i[0] == 3 ? x[1][0, i[1]] : i[0] == 0 ? x[1][1, i[1]] : x[0][i]), [Plain.Random(1, 4, 3), Plain.Random(2, 2, 3)]),
        new(nameof(TensorOps.ScatterRows), "slices of rank 2", x => x[0].ScatterRows([1], x[1]),
            x => Numbers.Make([2, 3, 2], i => i[0] == 1 ? x[1][0, i[1], i[2]] : x[0][i]), [Plain.Random(1, 2, 3, 2), Plain.Random(2, 1, 3, 2)]),
    ];

    private static GradientCase TopK(int count, int n, int m) =>
        new(nameof(TensorOps.TopK), $"{count} of {m}", x => x[0].TopK(count, out _),
            x => Numbers.Make([n, count], i => Enumerable.Range(0, m).Select(k => x[0][i[0], k]).OrderDescending().ElementAt(i[1])), [Plain.Random(2, n, m)]);
}
