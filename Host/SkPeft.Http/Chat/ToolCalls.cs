using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Tools;

namespace SkPeft.Http.Chat;

/// <summary>Calls of functions as OpenAI writes them.</summary>
internal static class ToolCalls
{
    private const string Function = "function";

    /// <summary>The calls of a whole answer; null where there are none.</summary>
    public static IReadOnlyList<ChatToolCall>? Of(IEnumerable<AIContent> contents)
    {
        ChatToolCall[] calls = [.. contents.OfType<FunctionCallContent>().Select(Of)];
        return calls.Length == 0 ? null : calls;
    }

    /// <summary>The pieces of calls that one update brings; null where it brings none.</summary>
    public static IReadOnlyList<ChatToolCall>? PiecesOf(ChatResponseUpdate update) =>
        update.AdditionalProperties?.TryGetValue(ToolCallDelta.PropertyName, out IReadOnlyList<ToolCallDelta>? pieces) == true && pieces.Count > 0
            ? [.. pieces.Select(Of)]
            : null;

    private static ChatToolCall Of(FunctionCallContent call) => new(
        null, call.CallId, Function, new ChatFunction(call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions)));

    private static ChatToolCall Of(ToolCallDelta piece) => piece.Name is null
        ? new(piece.Index, null, null, new ChatFunction(null, piece.Arguments))
        : new(piece.Index, piece.CallId, Function, new ChatFunction(piece.Name, piece.Arguments));
}
