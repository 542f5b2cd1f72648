using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class RationalCases
{
    private static readonly float[] s_numerator = [0.1f, 0.5f, 0.4f, 0.12f, 0.013f, 0.0003f, -0.00003f];
    private static readonly float[] s_denominator = [0.3f, -0.9f, -0.2f, 0.11f, 0.07f];

    public static IEnumerable<GradientCase> All =>
    [
        new(nameof(TensorOps.Horner), "degree 3", x => x[0].Horner(x[1]), x => x[0].Each(v => Polynomial(v, x[1], 0)), [Plain.Random(1, 3, 5), Plain.Of(1, -2, 0.5f, 3)]),
        new(nameof(TensorOps.Horner), "a constant", x => x[0].Horner(x[1]), x => x[0].Each(v => Polynomial(v, x[1], 0)), [Plain.Random(1, 4), Plain.Of(7)]),
        new(nameof(TensorOps.Rational), "degrees 6 and 5, the denominator's sum on both sides of zero", x => x[0].Rational(x[1], x[2]),
            x => x[0].Each(v => Polynomial(v, x[1], 0) / (1 + Math.Abs(Polynomial(v, x[2], 1)))), [Plain.Random(1, 4, 15), Plain.Of(s_numerator), Plain.Of(s_denominator)]),
    ];

    private static double Polynomial(double x, Numbers coefficients, int lowest) =>
        Numbers.Sum(coefficients.Values.Length, j => coefficients.Values[j] * Math.Pow(x, j + lowest));
}
