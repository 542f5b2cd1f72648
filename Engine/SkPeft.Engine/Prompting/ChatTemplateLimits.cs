namespace SkPeft.Engine.Prompting;

/// <summary>What one rendering of a chat template may spend.</summary>
/// <param name="MaxSteps">Steps: a node evaluated is one, as are 64 characters copied or 8 items made.</param>
/// <param name="MaxOutputChars">Characters of the prompt, and of any text on the way to it.</param>
/// <param name="MaxItems">Items of a list, tuple or dict.</param>
/// <param name="MaxDepth">Macros, callers and recursive loops inside each other.</param>
public sealed record ChatTemplateLimits(long MaxSteps = 5_000_000, int MaxOutputChars = 8_000_000, int MaxItems = 200_000, int MaxDepth = 100);
