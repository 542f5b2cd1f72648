using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Tools;

namespace SkPeft.Connectors.Prompts;

/// <summary>Messages and tools as the objects that chat templates know. Content that is not text is refused by its type.</summary>
internal static class MessageMapper
{
    public static IReadOnlyList<JsonObject> Map(IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        Dictionary<string, string> functions = new(StringComparer.Ordinal);
        List<JsonObject> mapped = [.. messages.SelectMany(m => Map(m, functions))];
        if (instructions is not null)
        {
            AddInstructions(mapped, instructions);
        }

        return mapped;
    }

    public static IReadOnlyList<JsonObject> Map(IReadOnlyList<AIFunctionDeclaration> tools) => [.. tools.Select(tool => new JsonObject
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = tool.Name,
            // Semantic Kernel's schema has the text under another name; the declaration itself always has it.
            ["description"] = tool.Description,
            ["parameters"] = JsonNode.Parse(ToolSchema.Of(tool).GetRawText()),
        },
    })];

    private static List<JsonObject> Map(ChatMessage message, Dictionary<string, string> functions)
    {
        string text = "", thought = "";
        JsonArray calls = [];
        List<JsonObject> results = [];
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent part:
                    text += part.Text;
                    break;
                case TextReasoningContent part:
                    thought += part.Text;
                    break;
                case FunctionCallContent call:
                    functions[call.CallId] = call.Name;
                    calls.Add((JsonNode)Call(call));
                    break;
                case FunctionResultContent result:
                    results.Add(Result(result, functions.GetValueOrDefault(result.CallId)));
                    break;
                case UsageContent:
                    break;
                default:
                    throw new InvalidOptionException(
                        $"{message.Role.Value} message", content.GetType().Name, "text, function calls and function results: this model reads nothing else");
            }
        }

        bool says = text.Length > 0 || calls.Count > 0 || results.Count == 0;
        return says ? [Message(message, text, thought, calls), .. results] : results;
    }

    private static JsonObject Message(ChatMessage message, string text, string thought, JsonArray calls)
    {
        JsonObject mapped = new() { ["role"] = message.Role.Value, ["content"] = text };
        if (!string.IsNullOrEmpty(message.AuthorName))
        {
            mapped["name"] = message.AuthorName;
        }

        if (thought.Length > 0)
        {
            mapped["reasoning_content"] = thought;
        }

        if (calls.Count > 0)
        {
            mapped["tool_calls"] = calls;
        }

        return mapped;
    }

    private static JsonObject Call(FunctionCallContent call) => new()
    {
        ["id"] = call.CallId,
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = call.Name,
            ["arguments"] = JsonSerializer.SerializeToNode(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions),
        },
    };

    private static JsonObject Result(FunctionResultContent result, string? function)
    {
        JsonObject mapped = new() { ["role"] = "tool", ["content"] = ToolResultText.Of(result), ["tool_call_id"] = result.CallId };
        if (function is not null)
        {
            mapped["name"] = function;
        }

        return mapped;
    }

    // Templates take one system message, in front.
    private static void AddInstructions(List<JsonObject> messages, string instructions)
    {
        if (messages.Count > 0 && (string?)messages[0]["role"] == "system")
        {
            messages[0]["content"] = $"{instructions}\n\n{(string?)messages[0]["content"]}";
        }
        else
        {
            messages.Insert(0, new JsonObject { ["role"] = "system", ["content"] = instructions });
        }
    }
}
