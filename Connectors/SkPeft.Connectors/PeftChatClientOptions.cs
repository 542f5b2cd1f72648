namespace SkPeft.Connectors;

/// <summary>What a client does where a request says nothing.</summary>
public sealed record PeftChatClientOptions
{
    /// <summary>The skill that this client was made for, or null for a client that routes every request.</summary>
    public string? Skill { get; init; }

    /// <summary>The adapter's reference that this client was made for, or null. With <see cref="Skill"/> it is asked with the skill's prompt and labels.</summary>
    public string? Adapter { get; init; }

    /// <summary>Most tokens of an answer where neither the request nor its skill has MaxOutputTokens; null: as many as the context has room for.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// Names in AdditionalProperties that are passed over; any other that is not in <see cref="Requests.PropertyNames"/> is refused.
    /// Default: <c>service_id</c>, by which Semantic Kernel has chosen the client already.
    /// </summary>
    public IReadOnlyList<string> IgnoredProperties { get; init; } = ["service_id"];
}
