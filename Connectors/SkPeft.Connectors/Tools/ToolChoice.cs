using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Tools;

/// <summary>Tools of a request, and what the answer may or must do with them.</summary>
/// <param name="Tools">The tools that the model is told of.</param>
internal sealed record ToolChoice(IReadOnlyList<AIFunctionDeclaration> Tools)
{
    public static ToolChoice None { get; } = new([]);

    /// <summary>Whether the answer must be a call.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The one tool that it must call; null: any.</summary>
    public string? Required { get; init; }

    /// <summary>Whether it may have one call only.</summary>
    public bool IsSingle { get; init; }

    /// <summary>The tools that may be called.</summary>
    public IReadOnlyList<AIFunctionDeclaration> Callable => Required is null ? Tools : [.. Tools.Where(t => t.Name == Required)];

    /// <summary>Whether any answer's tokens must be held to a grammar for its tools' sake.</summary>
    public bool NeedsGrammar => Tools.Count > 0 && (IsRequired || IsSingle || Tools.Any(IsStrict));

    /// <summary>Whether a call's arguments must be valid (<c>strict</c> among the tool's AdditionalProperties).</summary>
    public static bool IsStrict(AIFunctionDeclaration tool) =>
        tool.AdditionalProperties.TryGetValue("strict", out object? strict) && strict switch
        {
            bool value => value,
            System.Text.Json.JsonElement json => json.ValueKind == System.Text.Json.JsonValueKind.True,
            string text => text.Equals("true", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
}
