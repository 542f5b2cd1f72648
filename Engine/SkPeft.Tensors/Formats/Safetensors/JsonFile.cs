using System.Text.Json;
using System.Text.Unicode;

namespace SkPeft.Tensors.Formats;

/// <summary>Reads small JSON files strictly: bounded in size and depth, UTF-8, no key twice, an object at the top.</summary>
internal static class JsonFile
{
    private const long MaximumBytes = 64 << 20;
    private const int MaximumDepth = 32;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };

    /// <exception cref="FileAccessException">The file is missing or may not be read.</exception>
    /// <exception cref="FileFormatException">Too large, no UTF-8, no JSON object, or a key that occurs twice.</exception>
    public static JsonDocument Read(string path)
    {
        byte[] bytes = ReadBytes(path);
        if (!Utf8.IsValid(bytes))
        {
            throw new FileFormatException(path, "content", "bytes that are not UTF-8", "JSON in UTF-8");
        }

        try
        {
            RequireUnicode(bytes);
            JsonDocument document = JsonDocument.Parse(bytes, s_options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            JsonValueKind kind = document.RootElement.ValueKind;
            document.Dispose();
            throw new FileFormatException(path, "content", $"{kind}", "a JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FileFormatException(path, "content", $"bad JSON ({e.Message})", "a JSON object without repeated keys", e);
        }
    }

    /// <summary>A value that must be a string.</summary>
    public static string StringOf(string path, string field, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new FileFormatException(path, field, $"{value.ValueKind}", "a string");

    // Half a surrogate pair behind \u passes the parser, and would throw wherever the text is first looked at.
    private static void RequireUnicode(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaximumDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
    }

    private static byte[] ReadBytes(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        return file.Length <= MaximumBytes
            ? file.Span(0, file.Length).ToArray()
            : throw new FileFormatException(path, "length", $"{file.Length} bytes", $"at most {MaximumBytes} bytes");
    }
}
