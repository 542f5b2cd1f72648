namespace SkPeft.Tensors.Kernels;

/// <summary>What is left of a block of activations beside its integers.</summary>
/// <param name="Scale">The step between integers.</param>
/// <param name="Total">Σ of the integers; exact.</param>
/// <param name="IsWide">Whether the integers have 16 bits; else they are 8 bits times 256.</param>
internal readonly record struct RoundedBlock(float Scale, float Total, bool IsWide);
