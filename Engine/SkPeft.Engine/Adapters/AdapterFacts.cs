namespace SkPeft.Engine.Adapters;

/// <summary>What is known of a loaded adapter besides its effects.</summary>
/// <param name="PeftType">The <c>peft_type</c>.</param>
/// <param name="Bytes">Bytes that it occupies.</param>
/// <param name="Modules">The modules of the base that it touches.</param>
/// <param name="Warnings">What the receipt must mention.</param>
internal sealed record AdapterFacts(string PeftType, long Bytes, IReadOnlyList<string> Modules, IReadOnlyList<string> Warnings);
