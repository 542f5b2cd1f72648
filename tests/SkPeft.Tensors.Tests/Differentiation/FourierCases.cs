using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class FourierCases
{
    public static IEnumerable<GradientCase> All =>
    [
        Of("several entries in a row", 6, 5, [1, 4, 1, 0, 1], [0, 3, 4, 0, 2]),
        Of("one entry", 7, 9, [6], [8]),
        Of("a matrix of one element", 1, 1, [0], [0]),
    ];

    private static GradientCase Of(string title, int height, int width, int[] rows, int[] columns)
    {
        return new(nameof(TensorOps.InverseFourier), title, x => x[0].InverseFourier(rows, columns, height, width),
            x => Numbers.Make([height, width], i => Numbers.Sum(rows.Length, j => x[0][j] * Math.Cos(Phase(j, i))) / (height * width)),
            [Plain.Random(1, rows.Length)]);

        double Phase(int entry, int[] at) => 2 * Math.PI * (((double)rows[entry] * at[0] / height) + ((double)columns[entry] * at[1] / width));
    }
}
