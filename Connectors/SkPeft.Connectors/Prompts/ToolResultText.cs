using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Prompts;

/// <summary>A tool's result as text, whatever a framework wraps it in.</summary>
internal static class ToolResultText
{
    public static string Of(FunctionResultContent content) =>
        content is { Result: null, Exception: { } error } ? $"Error: {error.Message}" : Of(content.Result);

    private static string Of(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        JsonElement json => json.GetRawText(),
        TextContent text => text.Text,
        ChatResponse response => response.Text,
        ChatMessage message => message.Text,
        IEnumerable<AIContent> parts when parts.All(p => p is TextContent) => string.Concat(parts),

        // Semantic Kernel's message and result types; their text is what ToString gives, their JSON is full of metadata.
        _ when result.GetType().Namespace?.StartsWith("Microsoft.SemanticKernel", StringComparison.Ordinal) == true => result.ToString() ?? "",
        _ => JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions),
    };
}
