using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class FunctionCases
{
    public static IEnumerable<GradientCase> All =>
    [
        Of(nameof(TensorOps.Exp), TensorOps.Exp, Math.Exp, Plain.Random(1, 5, 7)),
        Of(nameof(TensorOps.Square), TensorOps.Square, x => x * x, Plain.Random(2, 5, 7)),
        Of(nameof(TensorOps.Sin), TensorOps.Sin, Math.Sin, Plain.Random(3, 5, 7)),
        Of(nameof(TensorOps.Cos), TensorOps.Cos, Math.Cos, Plain.Random(4, 5, 7)),
        Of(nameof(TensorOps.Log), TensorOps.Log, Math.Log, Positive(5)),
        Of(nameof(TensorOps.Sqrt), TensorOps.Sqrt, Math.Sqrt, Positive(6)),
    ];

    private static GradientCase Of(string name, Func<Tensor, Tensor> operation, Func<double, double> reference, Tensor input) =>
        new(name, "some values", x => operation(x[0]), x => x[0].Each(reference), [input]);

    private static Tensor Positive(int seed) => Plain.Random(seed, 5, 7).Abs().AddScalar(0.05f);
}
