using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class ActivationCases
{
    public static IEnumerable<GradientCase> All =>
    [
        Of(nameof(TensorOps.Relu), TensorOps.Relu, x => Math.Max(x, 0)),
        Of(nameof(TensorOps.Abs), TensorOps.Abs, Math.Abs),
        Of(nameof(TensorOps.Sigmoid), TensorOps.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
        Of(nameof(TensorOps.Silu), TensorOps.Silu, x => x / (1 + Math.Exp(-x))),
        Of(nameof(TensorOps.Tanh), TensorOps.Tanh, Math.Tanh),
        Of(nameof(TensorOps.Gelu), TensorOps.Gelu, x => x * NormalDistribution(x)),
        Of(nameof(TensorOps.GeluTanh), TensorOps.GeluTanh, x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))),
    ];

    private static GradientCase Of(string name, Func<Tensor, Tensor> operation, Func<double, double> reference) =>
        new(name, "values on both sides of zero", x => operation(x[0]), x => x[0].Each(reference), [Plain.Random(1, 5, 7)]);

    // The series of A & S 26.2.11: nothing in common with how Gelu gets it.
    private static double NormalDistribution(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18; n++)
        {
            term *= x * x / ((2 * n) + 1);
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
