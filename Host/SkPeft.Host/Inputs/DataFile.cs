using SkPeft.Training.Data;

namespace SkPeft.Host.Inputs;

/// <summary>Examples in JSONL: one object a line; blank lines are passed over.</summary>
internal static class DataFile
{
    /// <exception cref="DataLineException">A line is no JSON object.</exception>
    /// <exception cref="FileFormatException">There is no line at all.</exception>
    public static IReadOnlyList<DataLine> Read(string path, int? limit)
    {
        DataLine[] lines = [.. new JsonLines(path).Read().Take(limit ?? int.MaxValue).Select(line => line.Parse())];
        return lines.Length > 0 ? lines : throw new FileFormatException(path, "content", "no lines", "at least one JSON object on a line of its own");
    }
}
