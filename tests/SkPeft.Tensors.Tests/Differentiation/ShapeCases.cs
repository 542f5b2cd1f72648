using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class ShapeCases
{
    private static readonly int[] s_rows = [2, 0, 2, 2, 1];

    public static IEnumerable<GradientCase> All =>
    [
        new(nameof(TensorOps.Reshape), "a matrix",
            x => x[0].Reshape(2, 3, 2), x => Numbers.Make([2, 3, 2], i => x[0].Values[(i[0] * 6) + (i[1] * 2) + i[2]]), [Plain.Random(1, 4, 3)]),
        new(nameof(TensorOps.Slice), "the outer axis", x => x[0].Slice(0, 1, 2), x => Numbers.Make([2, 3], i => x[0][i[0] + 1, i[1]]), [Plain.Random(1, 4, 3)]),
        new(nameof(TensorOps.Slice), "a middle axis", x => x[0].Slice(1, 2, 1), x => Numbers.Make([2, 1, 2], i => x[0][i[0], 2, i[2]]), [Plain.Random(1, 2, 3, 2)]),
        new(nameof(TensorOps.Slice), "the inner axis", x => x[0].Slice(-1, 0, 4), x => Numbers.Make([3, 4], i => x[0][i]), [Plain.Random(1, 3, 5)]),
        Concat(0, [2, 3], [1, 3], [4, 3]),
        Concat(1, [2, 1, 2], [2, 3, 2]),
        Concat(-1, [2, 4], [2, 1], [2, 2]),
        new(nameof(TensorOps.Gather), "a row several times, a row never",
            x => x[0].Gather(s_rows), x => Numbers.Make([5, 3], i => x[0][s_rows[i[0]], i[1]]), [Plain.Random(1, 4, 3)]),
        new(nameof(TensorOps.Gather), "slices of rank 2",
            x => x[0].Gather(s_rows), x => Numbers.Make([5, 2, 2], i => x[0][s_rows[i[0]], i[1], i[2]]), [Plain.Random(1, 3, 2, 2)]),
        new(nameof(TensorOps.Gather), "the inner axis", x => x[0].Gather(s_rows, -1), x => Numbers.Make([4, 5], i => x[0][i[0], s_rows[i[1]]]), [Plain.Random(1, 4, 3)]),
        new(nameof(TensorOps.Gather), "a middle axis",
            x => x[0].Gather(s_rows, 1), x => Numbers.Make([2, 5, 2], i => x[0][i[0], s_rows[i[1]], i[2]]), [Plain.Random(1, 2, 3, 2)]),
        new(nameof(TensorOps.Permute), "three axes turned",
            x => x[0].Permute(2, 0, 1), x => Numbers.Make([4, 2, 3], i => x[0][i[1], i[2], i[0]]), [Plain.Random(1, 2, 3, 4)]),
        new(nameof(TensorOps.Permute), "four axes, an extent of one, counted from the end", x => x[0].Permute(-1, 1, -2, 0),
            x => Numbers.Make([2, 1, 5, 3], i => x[0][i[3], i[1], i[2], i[0]]), [Plain.Random(1, 3, 1, 5, 2)]),
    ];

    private static GradientCase Concat(int axis, params int[][] shapes)
    {
        int at = axis < 0 ? axis + shapes[0].Length : axis;
        int[] joined = Numbers.At(shapes[0], at, shapes.Sum(s => s[at]));
        return new(nameof(TensorOps.Concat), $"{shapes.Length} along axis {axis}", x => TensorOps.Concat(axis, x), x => Numbers.Make(joined, i => Find(x, i)),
            [.. shapes.Select((s, seed) => Plain.Random(seed + 1, s))]);

        double Find(Numbers[] parts, int[] index)
        {
            int position = index[at];
            foreach (Numbers part in parts)
            {
                if (position < part.Shape[at])
                {
                    return part[Numbers.At(index, at, position)];
                }

                position -= part.Shape[at];
            }

            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }
}
