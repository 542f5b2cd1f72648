using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Requests;

/// <summary>The form of an answer as settings give it: a word, a JSON schema, a type, or OpenAI's object around a schema.</summary>
internal static class FormatConversion
{
    private const string Text = "text";
    private const string JsonObject = "json_object";
    private const string JsonSchema = "json_schema";

    /// <exception cref="InvalidOptionException">It is none of these.</exception>
    public static ChatResponseFormat Read(string option, object value) => value switch
    {
        ChatResponseFormat format => format,
        Type type => ChatResponseFormat.ForJsonSchema(type),
        string text => OfWord(option, text),
        JsonElement { ValueKind: JsonValueKind.String } json => OfWord(option, json.GetString()!),
        JsonElement { ValueKind: JsonValueKind.Object } json => OfObject(option, json),
        System.Collections.IDictionary or IEnumerable<KeyValuePair<string, object?>> => OfObject(option, JsonSerializer.SerializeToElement(Plain(option, value), AIJsonUtilities.DefaultOptions)),
        _ => throw Wrong(option, value.ToString() ?? ""),
    };

    /// <summary>As prompt files and Semantic Kernel write it: a word, or the schema.</summary>
    public static JsonElement Write(ChatResponseFormat format) => format switch
    {
        ChatResponseFormatJson { Schema: { } schema } => schema,
        ChatResponseFormatJson => JsonSerializer.SerializeToElement(JsonObject),
        _ => JsonSerializer.SerializeToElement(Text),
    };

    private static ChatResponseFormat OfWord(string option, string word) => word switch
    {
        Text => ChatResponseFormat.Text,
        JsonObject => ChatResponseFormat.Json,
        _ => throw Wrong(option, word),
    };

    private static ChatResponseFormat OfObject(string option, JsonElement json)
    {
        if (!json.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.String || type.GetString() is not (Text or JsonObject or JsonSchema))
        {
            return ChatResponseFormat.ForJsonSchema(json);
        }

        if (type.GetString() != JsonSchema)
        {
            return OfWord(option, type.GetString()!);
        }

        return json.TryGetProperty(JsonSchema, out JsonElement named) && named.ValueKind == JsonValueKind.Object && named.TryGetProperty("schema", out JsonElement schema)
            ? ChatResponseFormat.ForJsonSchema(schema, named.TryGetProperty("name", out JsonElement name) ? name.GetString() : null)
            : throw Wrong(option, "an object of type json_schema without json_schema.schema");
    }

    // YAML readers give maps of objects.
    private static object? Plain(string option, object? value) => value is null or string ? value
        : LooseValue.TryPairs(option, value) is { } pairs ? pairs.ToDictionary(p => LooseValue.Text(option, p.Key ?? ""), p => Plain(option, p.Value))
        : value is System.Collections.IEnumerable items ? items.Cast<object?>().Select(i => Plain(option, i)).ToArray()
        : value;

    private static InvalidOptionException Wrong(string option, string found) =>
        new(option, $"'{found}'", $"'{Text}', '{JsonObject}', a JSON schema, a type, or an object of type {JsonSchema}");
}
