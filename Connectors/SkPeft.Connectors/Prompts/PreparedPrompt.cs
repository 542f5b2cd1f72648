namespace SkPeft.Connectors.Prompts;

/// <summary>A prompt, ready for the engine.</summary>
/// <param name="Ids">Its tokens.</param>
/// <param name="InstructionTokens">How many of them are the instruction; null: all.</param>
/// <param name="EndsInSpace">Whether its text ends in white space, so that an answer needs none in front.</param>
/// <param name="Warnings">What the receipt must mention.</param>
internal sealed record PreparedPrompt(IReadOnlyList<int> Ids, int? InstructionTokens, bool EndsInSpace, IReadOnlyList<string> Warnings);
