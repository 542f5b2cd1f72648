namespace SkPeft.Training.Forward;

/// <summary>Keys and values in front of a sequence, final: no rotation is applied to them.</summary>
/// <param name="Keys">[p, key-value width].</param>
/// <param name="Values">[p, key-value width].</param>
internal sealed record KeyValues(Tensor Keys, Tensor Values);
