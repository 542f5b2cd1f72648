using Microsoft.Extensions.AI;
using SkPeft.Http.Models;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Chat;

/// <summary>A request to <c>/v1/chat/completions</c>, read.</summary>
internal sealed record ChatCall
{
    public required ServedModel Model { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The options of one answer; those of choice i by <see cref="SamplingParameters.ForChoice"/>.</summary>
    public required ChatOptions Options { get; init; }

    public required int Choices { get; init; }

    public required StreamOptions Stream { get; init; }

    /// <summary>How urgent it is, where it says so: the lower number goes first.</summary>
    public int? Priority { get; init; }
}
