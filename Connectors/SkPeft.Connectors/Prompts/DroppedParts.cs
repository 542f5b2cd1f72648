using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Prompts;

/// <summary>Finds what a chat template passes over in silence, by rendering without it: tools, tool calls and tool results.</summary>
internal static class DroppedParts
{
    public static void Refuse(IPromptRenderer renderer, IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject> tools, RenderedChat chat, string model)
    {
        if (tools.Count > 0 && Same(renderer, messages, [], chat))
        {
            throw new InvalidOptionException(nameof(ChatOptions.Tools), $"{tools.Count} tools, which the chat template of {model} does not write", "none");
        }

        for (int i = 0; i < messages.Count; i++)
        {
            if ((string?)messages[i]["role"] == "tool" && Same(renderer, With(messages, i, Louder), tools, chat))
            {
                throw new InvalidOptionException("messages", $"a tool's result, which the chat template of {model} does not write", "no tool messages");
            }

            if (messages[i]["tool_calls"] is not null && Same(renderer, With(messages, i, Renamed), tools, chat))
            {
                throw new InvalidOptionException("messages", $"function calls, which the chat template of {model} does not write", "no function calls");
            }
        }
    }

    private static bool Same(IPromptRenderer renderer, IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject> tools, RenderedChat chat) =>
        renderer.Render(messages, tools, addGenerationPrompt: true).Text == chat.Text;

    private static JsonObject[] With(IReadOnlyList<JsonObject> messages, int index, Action<JsonObject> change)
    {
        JsonObject[] changed = [.. messages];
        changed[index] = (JsonObject)messages[index].DeepClone();
        change(changed[index]);
        return changed;
    }

    private static void Louder(JsonObject message) => message["content"] = $"{(string?)message["content"]}!";

    private static void Renamed(JsonObject message)
    {
        JsonNode function = message["tool_calls"]![0]!["function"]!;
        function["name"] = $"{(string?)function["name"]}_";
    }
}
