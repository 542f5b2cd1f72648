namespace SkPeft.Host.Output;

/// <summary>A model's text in one short line of a table.</summary>
internal static class Printable
{
    public static string Of(string text, int longest)
    {
        string line = string.Concat(text.Trim().EnumerateRunes().Select(r => System.Text.Rune.IsControl(r) ? "⏎" : r.ToString()));
        return line.Length <= longest ? line : line[..longest] + "…";
    }
}
