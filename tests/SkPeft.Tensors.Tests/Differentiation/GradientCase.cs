namespace SkPeft.Tensors.Tests.Differentiation;

/// <summary>An operation, what it should give in plain double arithmetic, and inputs to try it on.</summary>
/// <param name="Operation">The method of <c>TensorOps</c>; where there are several of the name, with the names of its parameters: <c>Sum(x, axis)</c>.</param>
/// <param name="Title">What is special about the case; unique among those of the operation.</param>
/// <param name="Run">Applies the operation.</param>
/// <param name="Reference">The same, in double.</param>
/// <param name="Inputs">The inputs.</param>
internal sealed record GradientCase(string Operation, string Title, Func<Tensor[], Tensor> Run, Func<Numbers[], Numbers> Reference, Tensor[] Inputs)
{
    /// <summary>The relative error allowed.</summary>
    public double Tolerance { get; init; } = 2e-5;

    public override string ToString() => $"{Operation}: {Title}";
}
