using Microsoft.Extensions.AI;

namespace SkPeft.Http.Answers;

/// <summary>Tokens of a request: the prompt once, and all answers.</summary>
internal sealed record Usage(long PromptTokens, long CompletionTokens, long TotalTokens)
{
    public static Usage Of(long prompt, long completion) => new(prompt, completion, prompt + completion);

    /// <summary>Of several answers to one prompt.</summary>
    public static Usage Of(IReadOnlyCollection<UsageDetails?> choices) => Of(
        choices.Max(c => c?.InputTokenCount ?? 0),
        choices.Sum(c => c?.OutputTokenCount ?? 0));
}
