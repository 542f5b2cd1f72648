using System.Text.Json;

namespace SkPeft.Host.Inputs;

/// <summary>JSON that a user wrote.</summary>
internal static class JsonInput
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    /// <summary>Parses a file.</summary>
    /// <exception cref="FileFormatException">It is no JSON; the message has line and column.</exception>
    public static JsonElement Read(string path)
    {
        ReadOnlyMemory<byte> content = TextFile.ReadUtf8(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(content, s_options);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new FileFormatException(path, $"line {e.LineNumber + 1}", "broken or too deeply nested JSON", "one JSON document", e);
        }
    }

    /// <summary>Parses one line of a JSONL file; null where it is no JSON.</summary>
    public static JsonElement? TryParse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, s_options);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText(),
    };
}
