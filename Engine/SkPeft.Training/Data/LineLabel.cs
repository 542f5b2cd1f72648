using System.Text.Json;

namespace SkPeft.Training.Data;

/// <summary>The class that a line names: by name, or by index where the classes have no names.</summary>
internal sealed class LineLabel(TrainingData data)
{
    /// <summary>The class, or null where the line has no label.</summary>
    public int? Find(DataLine line)
    {
        if (line.Find(data.LabelField) is not { } value)
        {
            return null;
        }

        if (data.Classes.Count == 0)
        {
            return Index(line, value);
        }

        string name = FieldPath.Parse(data.LabelField, "").TextIn(line);
        for (int i = 0; i < data.Classes.Count; i++)
        {
            if (data.Classes[i].Name == name)
            {
                return i;
            }
        }

        return value.ValueKind == JsonValueKind.Number && Index(line, value) is { } index && index < data.Classes.Count
            ? index
            : throw line.Error($"label '{name}' is not one of {string.Join(", ", data.Classes.Select(c => c.Name))}.");
    }

    /// <summary>The class of a line that must have one.</summary>
    public int Require(DataLine line) =>
        Find(line) ?? throw line.Error($"there is no field '{data.LabelField}'; expected the class, by index{(data.Classes.Count > 0 ? " or name" : "")}.");

    private int? Index(DataLine line, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int index) && index >= 0 ? index
        : data.Classes.Count > 0 ? null
        : throw line.Error($"'{data.LabelField}' is {JsonParsing.Describe(value)}, expected a class's index from 0, or its name with the names in --labels.");
}
