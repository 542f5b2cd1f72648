using System.Text.Json.Nodes;

namespace SkPeft.Engine.Prompting;

/// <summary>What a chat template is rendered over.</summary>
public sealed record ChatTemplateInput
{
    /// <summary>The conversation: objects with <c>role</c> and <c>content</c>, and whatever else the template reads.</summary>
    public required JsonArray Messages { get; init; }

    /// <summary>The tools, as JSON schemas; null where there are none.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>The documents for retrieval; null where there are none.</summary>
    public JsonArray? Documents { get; init; }

    /// <summary>Whether the prompt ends where the assistant begins to speak.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The text of the token that opens a sequence.</summary>
    public string? BosToken { get; init; }

    /// <summary>The text of the token that ends one.</summary>
    public string? EosToken { get; init; }

    /// <summary>Further variables, for instance <c>enable_thinking</c>. They come from the application and are trusted.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Extra { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>The time that <c>strftime_now</c> tells; null: the clock's local time.</summary>
    public DateTimeOffset? Now { get; init; }
}
