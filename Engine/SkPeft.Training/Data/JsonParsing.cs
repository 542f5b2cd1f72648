using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkPeft.Training.Data;

/// <summary>JSON that a user wrote, where .NET's parser and Python's disagree: of a name that occurs twice the last value counts, half a surrogate pair is U+FFFD.</summary>
internal static class JsonParsing
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    /// <summary>Parses UTF-8; null where it is no JSON.</summary>
    public static JsonElement? TryParse(ReadOnlyMemory<byte> content)
    {
        try
        {
            return Parse(content);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Parses UTF-8.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> content)
    {
        using JsonDocument document = JsonDocument.Parse(content, s_options);
        RequireNames(content.Span);
        return document.RootElement.Clone();
    }

    /// <summary>Where in JSON a name or a text begins that has half a surrogate pair in it; null where all are whole, or it is no JSON.</summary>
    public static long? HalfPairIn(ReadOnlySpan<byte> json)
    {
        // As an escape alone: the bytes themselves are known to be UTF-8. Most lines have none, and are read once.
        if (json.IndexOf("\\u"u8) < 0)
        {
            return null;
        }

        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = s_options.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.PropertyName or JsonTokenType.String, ValueIsEscaped: true })
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return reader.TokenStartIndex;
        }
        catch (JsonException)
        {
            // The parser's to say.
        }

        return null;
    }

    /// <summary>A value in few words, for messages.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText(),
    };

    /// <summary>A JSON string; half a surrogate pair, which .NET's parser refuses, is U+FFFD as everywhere else.</summary>
    public static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(text.GetRawText().AsSpan()[1..^1]);
        }
    }

    /// <summary>A value as a node that chat templates read.</summary>
    public static JsonNode? NodeOf(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                JsonObject members = [];
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    members[member.Name] = NodeOf(member.Value);
                }

                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(NodeOf)]);
            case JsonValueKind.String:
                return JsonValue.Create(TextOf(value));
            default:
                return value.ValueKind == JsonValueKind.Null ? null : JsonValue.Create(value);
        }
    }

    // A name with half a surrogate pair passes the parser, and would throw wherever it is first looked at.
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

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        StringBuilder text = new(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            char escape = raw[++i];
            if (escape == 'u')
            {
                text.Append((char)ushort.Parse(raw.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier));
                i += 4;
            }
            else
            {
                text.Append(escape switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => escape });
            }
        }

        // Encoding replaces what is unpaired.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
