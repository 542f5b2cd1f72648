using System.Text.Json;

namespace SkPeft.Training.Data;

/// <summary>A line of a JSONL file.</summary>
/// <param name="File">The file, as the caller named it.</param>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Value">The object on it.</param>
internal sealed record DataLine(string File, int Number, JsonElement Value)
{
    /// <summary>The error of this line.</summary>
    public DataLineException Error(string reason, Exception? inner = null) => new(File, Number, reason, inner);

    /// <summary>A field, or null where it is missing or null.</summary>
    public JsonElement? Find(string name) => Value.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null ? field : null;
}
