namespace SkPeft.Peft.Lora;

/// <summary>The factors that a run took from a weight, as they were at its start.</summary>
/// <param name="A">A₀, [r, in].</param>
/// <param name="B">B₀, [out, r].</param>
internal sealed record LoraOrigin(Tensor A, Tensor B);
