using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SkPeft.Http.Chat;

/// <summary>Calls of functions as OpenAI writes them.</summary>
internal static class ToolCalls
{
    /// <summary>The calls among some contents; null where there are none.</summary>
    /// <param name="contents">The contents.</param>
    /// <param name="firstIndex">The first call's index in its answer, where the answer is streamed.</param>
    public static IReadOnlyList<ChatToolCall>? Of(IEnumerable<AIContent> contents, int? firstIndex = null)
    {
        ChatToolCall[] calls = [.. contents.OfType<FunctionCallContent>().Select((call, i) => Of(call, firstIndex + i))];
        return calls.Length == 0 ? null : calls;
    }

    private static ChatToolCall Of(FunctionCallContent call, int? index) => new(
        index, call.CallId, "function", new ChatFunction(call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions)));
}
