using Microsoft.Extensions.AI;
using SkPeft.Http.Models;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Completions;

/// <summary>A request to <c>/v1/completions</c>, read.</summary>
internal sealed record CompletionCall
{
    public required ServedModel Model { get; init; }

    public required IReadOnlyList<RawPrompt> Prompts { get; init; }

    /// <summary>The options of one answer.</summary>
    public required ChatOptions Options { get; init; }

    /// <summary>Answers to each prompt; those of prompt p are choices p·n to p·n + n − 1.</summary>
    public required int PerPrompt { get; init; }

    public required StreamOptions Stream { get; init; }

    /// <summary>How urgent it is, where it says so: the lower number goes first.</summary>
    public int? Priority { get; init; }

    public int Choices => Prompts.Count * PerPrompt;
}
