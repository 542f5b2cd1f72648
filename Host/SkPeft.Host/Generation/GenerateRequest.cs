using SkPeft.Engine.Sampling;
using SkPeft.Host.Models;

namespace SkPeft.Host.Generation;

/// <summary>What <c>generate</c> was asked for. One of the three prompts is set.</summary>
internal sealed record GenerateRequest
{
    public required SessionOptions Session { get; init; }

    public string? Prompt { get; init; }

    public int[]? Ids { get; init; }

    public string? Messages { get; init; }

    public required int MaxTokens { get; init; }

    public required SamplingOptions Sampling { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public int PromptLookup { get; init; }

    public bool Json { get; init; }
}
