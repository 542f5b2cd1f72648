using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Training.Data;

namespace SkPeft.Host.Inputs;

/// <summary>Messages and tools as chat templates know them.</summary>
internal static class ConversationFile
{
    /// <summary>Reads <c>[ { "role": "user", "content": "…" }, … ]</c>.</summary>
    /// <exception cref="FileFormatException">It is no list of objects.</exception>
    public static JsonArray Messages(string path) => List(path, "messages", "a list of messages: [ { \"role\": \"user\", \"content\": \"…\" }, … ]");

    /// <summary>Reads a list of JSON schemas of functions.</summary>
    /// <exception cref="FileFormatException">It is no list of objects.</exception>
    public static JsonArray Tools(string path) => List(path, "tools", "a list of tools: [ { \"type\": \"function\", \"function\": { … } }, … ]");

    private static JsonArray List(string path, string field, string expected)
    {
        JsonElement root = JsonInput.Read(path);
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw new FileFormatException(path, field, JsonInput.Describe(root), expected);
        }

        foreach ((int i, JsonElement item) in root.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw new FileFormatException(path, $"{field}[{i}]", JsonInput.Describe(item), "an object");
            }
        }

        return (JsonArray)JsonParsing.NodeOf(root)!;
    }
}
