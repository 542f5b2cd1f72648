using System.Text.Json;
using SkPeft.Training.Data;

namespace SkPeft.Host.Inputs;

/// <summary>JSON that a user wrote.</summary>
internal static class JsonInput
{
    /// <summary>Parses a file.</summary>
    /// <exception cref="FileFormatException">It is no JSON; the message has line and column.</exception>
    public static JsonElement Read(string path)
    {
        ReadOnlyMemory<byte> content = TextFile.ReadUtf8(path);
        try
        {
            return JsonParsing.Parse(content);
        }
        catch (JsonException e)
        {
            throw new FileFormatException(path, $"line {e.LineNumber + 1}", "broken or too deeply nested JSON", "one JSON document", e);
        }
    }

    /// <summary>A value in few words, for messages.</summary>
    public static string Describe(JsonElement value) => JsonParsing.Describe(value);
}
