using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Chat;

/// <summary>Reads <c>messages</c>: text, calls of functions and their results. Any other content is refused by its type.</summary>
internal static class MessageReader
{
    private const string Roles = "system, developer, user, assistant or tool";

    public static IReadOnlyList<ChatMessage> Read(ObjectReader body) =>
        body.List("messages") is { Count: > 0 } list
            ? Messages(list)
            : throw body.Missing("messages", "a list with at least one message");

    private static List<ChatMessage> Messages(IReadOnlyList<(JsonElement Value, string Path)> list)
    {
        List<ChatMessage> messages = [];
        HashSet<string> calls = new(StringComparer.Ordinal);
        foreach ((JsonElement value, string path) in list)
        {
            ObjectReader reader = new(value, path);
            ChatMessage message = Message(reader);
            calls.UnionWith(message.Contents.OfType<FunctionCallContent>().Select(c => c.CallId));
            if (message.Contents.OfType<FunctionResultContent>().FirstOrDefault(r => !calls.Contains(r.CallId)) is not null)
            {
                throw reader.Wrong("tool_call_id", reader.Any("tool_call_id")!.Value, "the id of a call in tool_calls of a message before it");
            }

            messages.Add(message);
        }

        return messages;
    }

    private static ChatMessage Message(ObjectReader reader)
    {
        ChatMessage message = new(Role(reader, out bool isTool), (IList<AIContent>)[]) { AuthorName = reader.Text("name") };
        string? text = Content(reader);
        if (isTool)
        {
            message.Contents.Add(new FunctionResultContent(reader.RequiredText("tool_call_id"), text ?? throw reader.Missing("content", "the function's result")));
        }
        else if (message.Role == ChatRole.Assistant)
        {
            AddAnswer(reader, message, text);
        }
        else
        {
            message.Contents.Add(new TextContent(text ?? throw reader.Missing("content", "a text")));
        }

        reader.RefuseOthers();
        return message;
    }

    // OpenAI calls the system's voice "developer" now; templates know the older name.
    private static ChatRole Role(ObjectReader reader, out bool isTool)
    {
        string role = reader.RequiredText("role");
        isTool = role == "tool";
        return role switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" => ChatRole.Tool,
            _ => throw reader.Wrong("role", reader.Any("role")!.Value, Roles),
        };
    }

    private static void AddAnswer(ObjectReader reader, ChatMessage message, string? text)
    {
        IReadOnlyList<(JsonElement Value, string Path)> calls = reader.List("tool_calls") ?? [];
        if (text is null && calls.Count == 0)
        {
            throw reader.Missing("content", "a text, or tool_calls");
        }

        if (text is not null)
        {
            message.Contents.Add(new TextContent(text));
        }

        foreach ((JsonElement value, string path) in calls)
        {
            message.Contents.Add(Call(new ObjectReader(value, path)));
        }

        // An answer that is sent back has these, empty.
        if (reader.Text("refusal") is not null)
        {
            throw reader.Wrong("refusal", reader.Any("refusal")!.Value, "nothing: templates have no place for it");
        }

        if (reader.List("annotations") is { Count: > 0 })
        {
            throw reader.Wrong("annotations", reader.Any("annotations")!.Value, "an empty list or nothing");
        }
    }

    private static FunctionCallContent Call(ObjectReader reader)
    {
        RequireFunction(reader);
        string id = reader.RequiredText("id");
        _ = reader.Integer("index", 0, int.MaxValue);
        ObjectReader function = reader.Object("function") ?? throw reader.Missing("function", "name and arguments");
        string name = function.RequiredText("name");
        string arguments = function.Text("arguments") ?? "{}";
        function.RefuseOthers();
        reader.RefuseOthers();
        return new FunctionCallContent(id, name, Arguments(function, arguments));
    }

    public static void RequireFunction(ObjectReader reader)
    {
        if (reader.RequiredText("type") != "function")
        {
            throw reader.Wrong("type", reader.Any("type")!.Value, "function");
        }
    }

    private static Dictionary<string, object?> Arguments(ObjectReader function, string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.Length == 0 ? "{}" : json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                Dictionary<string, object?> arguments = new(StringComparer.Ordinal);
                foreach (JsonProperty argument in document.RootElement.EnumerateObject())
                {
                    arguments[argument.Name] = argument.Value.Clone();
                }

                return arguments;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Told below, together with JSON of another kind.
        }

        throw function.Wrong("arguments", function.Any("arguments")!.Value, "a text that is a JSON object");
    }

    private static string? Content(ObjectReader reader)
    {
        if (reader.Any("content") is not { } content)
        {
            return null;
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString(),
            JsonValueKind.Array => string.Concat(reader.List("content")!.Select(part => Part(new ObjectReader(part.Value, part.Path)))),
            _ => throw reader.Wrong("content", content, "a text or a list of parts"),
        };
    }

    private static string Part(ObjectReader part)
    {
        string type = part.RequiredText("type");
        if (type != "text")
        {
            throw part.Wrong("type", part.Any("type")!.Value, "text: this model reads nothing else");
        }

        string text = part.Text("text") ?? throw part.Missing("text", "a text");
        part.RefuseOthers();
        return text;
    }
}
