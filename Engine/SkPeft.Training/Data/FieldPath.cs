using System.Text.Json;

namespace SkPeft.Training.Data;

/// <summary>A field of a line, or an element of a list in it.</summary>
internal sealed record FieldPath(string Name, IReadOnlyList<int> Indices)
{
    public static FieldPath Parse(string name, string brackets) =>
        new(name, [.. brackets.Split('[', ']').Where(part => part.Length > 0).Select(int.Parse)]);

    /// <summary>The value as text, without blanks around it.</summary>
    public string TextIn(DataLine line)
    {
        JsonElement value = Find(line);
        return value.ValueKind switch
        {
            JsonValueKind.String => JsonParsing.TextOf(value).Trim(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw line.Error($"field '{this}' is {JsonParsing.Describe(value)}, expected a text or a number."),
        };
    }

    /// <summary>Whether the line has the field at all.</summary>
    public bool IsIn(DataLine line) => line.Value.TryGetProperty(Name, out _);

    public override string ToString() => Name + string.Concat(Indices.Select(i => $"[{i}]"));

    private JsonElement Find(DataLine line)
    {
        if (!line.Value.TryGetProperty(Name, out JsonElement value))
        {
            string there = string.Join(", ", line.Value.EnumerateObject().Take(8).Select(p => p.Name));
            throw line.Error($"there is no field '{Name}'; the line has {(there.Length == 0 ? "none" : there)}.");
        }

        foreach (int index in Indices)
        {
            if (value.ValueKind != JsonValueKind.Array || index >= value.GetArrayLength())
            {
                string found = value.ValueKind == JsonValueKind.Array ? $"a list of {value.GetArrayLength()}" : JsonParsing.Describe(value);
                throw line.Error($"there is no '{this}': '{Name}' is {found}.");
            }

            value = value[index];
        }

        return value;
    }
}
