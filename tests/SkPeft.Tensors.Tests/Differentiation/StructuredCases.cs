using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class StructuredCases
{
    public static IEnumerable<GradientCase> All =>
    [
        Kronecker(2, 3, 4, 5), Kronecker(1, 4, 3, 1), Kronecker(1, 1, 1, 1),
        SkewSymmetric(3, 4), SkewSymmetric(1, 2), SkewSymmetric(2, 1),
        Inverse(4, 5), Inverse(3, 2), Inverse(2, 1),
    ];

    private static GradientCase Kronecker(int n, int m, int p, int q) =>
        new(nameof(TensorOps.Kronecker), $"{n} x {m} and {p} x {q}", x => x[0].Kronecker(x[1]),
            x => Numbers.Make([n * p, m * q], i => x[0][i[0] / p, i[1] / q] * x[1][i[0] % p, i[1] % q]), [Plain.Random(1, n, m), Plain.Random(2, p, q)]);

    private static GradientCase SkewSymmetric(int count, int size) =>
        new(nameof(TensorOps.SkewSymmetric), $"{count} of size {size}", x => x[0].SkewSymmetric(size),
            x => Numbers.Make([count, size, size], i => i[1] == i[2] ? 0 : i[1] < i[2] ? x[0][i[0], Place(i[1], i[2], size)] : -x[0][i[0], Place(i[2], i[1], size)]),
            [Plain.Random(1, count, size * (size - 1) / 2)]);

    // Pairs (row, column) above the diagonal, counted row by row.
    private static int Place(int row, int column, int size) =>
        Enumerable.Range(0, size).SelectMany(i => Enumerable.Range(i + 1, size - i - 1).Select(j => (i, j))).ToList().IndexOf((row, column));

    private static GradientCase Inverse(int count, int size) =>
        new(nameof(TensorOps.Inverse), $"{count} of size {size}", x => x[0].Inverse(),
            x => Numbers.Make([count, size, size], i => Minor(Matrix(x[0], i[0]), i[2], i[1]) * ((i[1] + i[2]) % 2 == 0 ? 1 : -1) / Determinant(Matrix(x[0], i[0]))),
            [WellConditioned(count, size)]);

    // Cramer's rule, and determinants by Laplace's expansion: nothing in common with elimination.
    private static double Determinant(double[][] m) =>
        m.Length == 0 ? 1 : Numbers.Sum(m.Length, j => m[0][j] * Minor(m, 0, j) * (j % 2 == 0 ? 1 : -1));

    private static double Minor(double[][] m, int row, int column) =>
        Determinant([.. m.Where((_, i) => i != row).Select(r => (double[])[.. r.Where((_, j) => j != column)])]);

    private static double[][] Matrix(Numbers x, int index) =>
        [.. Enumerable.Range(0, x.Shape[1]).Select(i => (double[])[.. Enumerable.Range(0, x.Shape[1]).Select(j => x[index, i, j])])];

    // A large entry in every row, not on the diagonal: rows must be exchanged.
    private static Tensor WellConditioned(int count, int size)
    {
        Tensor x = Plain.Random(3, count, size, size);
        for (int i = 0; i < count * size; i++)
        {
            x.Data[(i * size) + ((i + 1) % size)] += 8;
        }

        return x;
    }
}
