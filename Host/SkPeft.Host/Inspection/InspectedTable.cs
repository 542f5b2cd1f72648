using System.Text.Json;
using Spectre.Console;
using SkPeft.Host.Output;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Inspection;

/// <summary>A file in two tables; long values are cut.</summary>
internal static class InspectedTable
{
    private const int Longest = 100;

    public static void Write(IAnsiConsole console, Inspected inspected)
    {
        long parameters = inspected.Tensors.Sum(t => t.ElementCount), bytes = inspected.Tensors.Sum(t => t.ByteLength);
        console.WriteLine($"{inspected.Path}: {inspected.Format}, {inspected.Tensors.Count()} tensors, {parameters:N0} parameters, {bytes:N0} bytes");
        Table metadata = Tables.Of("key", "value");
        foreach ((string key, string value) in Metadata(inspected))
        {
            string line = value.ReplaceLineEndings("⏎");
            Tables.Row(metadata, key, line.Length <= Longest ? line : line[..Longest] + "…");
        }

        if (metadata.Rows.Count > 0)
        {
            console.Write(metadata);
        }

        Table tensors = Tables.Of("tensor", "type", "shape", "bytes");
        foreach (StoredTensor tensor in inspected.Tensors)
        {
            Tables.Row(tensors, tensor.Name, $"{tensor.Type}", string.Join(" × ", tensor.Shape), $"{tensor.ByteLength:N0}");
        }

        console.Write(tensors);
    }

    private static IEnumerable<(string Key, string Value)> Metadata(Inspected inspected)
    {
        foreach ((string key, GgufValue value) in inspected.Gguf?.Metadata ?? new Dictionary<string, GgufValue>())
        {
            yield return (key, value.ToString());
        }

        foreach ((string key, string value) in inspected.HeaderStrings)
        {
            yield return (key, value);
        }

        if (inspected.Config is { ValueKind: JsonValueKind.Object } config)
        {
            foreach (JsonProperty property in config.EnumerateObject())
            {
                yield return (property.Name, property.Value.GetRawText());
            }
        }
    }
}
