namespace SkPeft.Host.Tests;

/// <summary>The receipts at the end of a demo.</summary>
internal static class DemoRows
{
    /// <summary>One array a row: number, skill, adapter, method, modules, digest, plugin, its SHA-256, generation, answer.</summary>
    public static string[][] Of(string output) =>
    [
        .. output.Split('\n').Where(line => line.Count(c => c == '│') > 5).Skip(1).Select(row => row.Split('│', StringSplitOptions.TrimEntries)),
    ];
}
