using System.Text.Json;

namespace SkPeft.Host.Inputs;

/// <summary>A line of a JSONL file.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Value">The object on it.</param>
internal sealed record DataLine(int Number, JsonElement Value);

/// <summary>Examples in JSONL: one object a line; blank lines are passed over.</summary>
internal static class DataFile
{
    /// <exception cref="LineException">A line is no JSON object.</exception>
    /// <exception cref="FileFormatException">There is no line at all.</exception>
    public static IReadOnlyList<DataLine> Read(string path, int? limit)
    {
        List<DataLine> lines = [];
        int number = 0;
        foreach (string text in TextFile.Read(path).Split('\n'))
        {
            number++;
            if (lines.Count == limit)
            {
                break;
            }

            if (!string.IsNullOrWhiteSpace(text))
            {
                lines.Add(new DataLine(number, Parse(path, number, text)));
            }
        }

        return lines.Count > 0 ? lines : throw new FileFormatException(path, "content", "no lines", "at least one JSON object on a line of its own");
    }

    private static JsonElement Parse(string path, int number, string text) => JsonInput.TryParse(text) switch
    {
        null => throw new LineException(path, number, "this is no JSON; expected one object a line, such as {\"text\": \"…\", \"label\": \"…\"}."),
        { ValueKind: JsonValueKind.Object } value => value,
        { } other => throw new LineException(path, number, $"found {JsonInput.Describe(other)}, expected an object such as {{\"text\": \"…\", \"label\": \"…\"}}."),
    };
}
