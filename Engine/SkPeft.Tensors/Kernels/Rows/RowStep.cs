namespace SkPeft.Tensors.Kernels;

/// <summary>One operation on rows.</summary>
/// <param name="Operation">What.</param>
/// <param name="Vector">v.</param>
/// <param name="Bias">b of <see cref="RowOperation.Restore"/>.</param>
internal readonly record struct RowStep(RowOperation Operation, RowVector Vector = default, RowVector Bias = default);
