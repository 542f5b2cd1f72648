using System.Text;
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
            return Parse(content);
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
            return Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> content)
    {
        using JsonDocument document = JsonDocument.Parse(content, s_options);
        RequireNames(content.Span);
        return document.RootElement.Clone();
    }

    // A name with half a surrogate pair passes the parser, and would throw wherever it is first looked at. (Strings: JsonText.)
    private static void RequireNames(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = s_options.MaxDepth });
        while (reader.Read())
        {
            if (reader is not { TokenType: JsonTokenType.PropertyName, ValueIsEscaped: true })
            {
                continue;
            }

            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException e)
            {
                throw new JsonException("a name with half a surrogate pair", e);
            }
        }
    }

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText(),
    };
}
