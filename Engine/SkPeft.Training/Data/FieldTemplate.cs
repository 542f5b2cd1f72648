using System.Text.RegularExpressions;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Training.Data;

/// <summary>
/// A text with <c>{field}</c> and <c>{field[0]}</c> in it. <c>\n</c>, written as two characters, is a line break. The text itself is the
/// user's own: special tokens written in it count. A field's value is a stranger's: they do not.
/// </summary>
internal sealed partial class FieldTemplate
{
    private readonly List<object> _parts = [];

    /// <summary>Reads a template. Braces around anything but a name are text.</summary>
    public FieldTemplate(string text)
    {
        int at = 0;
        foreach (Match match in Pattern().Matches(text))
        {
            AddText(text[at..match.Index]);
            _parts.Add(FieldPath.Parse(match.Groups[1].Value, match.Groups[2].Value));
            at = match.Index + match.Length;
        }

        AddText(text[at..]);
    }

    /// <summary>The fields in it, in order.</summary>
    public IEnumerable<FieldPath> Fields => _parts.OfType<FieldPath>();

    /// <summary>The template filled from a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="field">A field whose value is given, not read; null for none.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="DataLineException">A field is missing or is no text.</exception>
    public IReadOnlyList<TextSegment> Fill(DataLine line, string? field = null, string value = "") =>
    [
        .. _parts.Select(part => part is not FieldPath path ? new TextSegment((string)part, Trusted: true)
            : new TextSegment(path.Name == field ? value : path.TextIn(line), Trusted: false)),
    ];

    private void AddText(string text)
    {
        if (text.Length > 0)
        {
            _parts.Add(text.Replace("\\n", "\n", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"\{([\p{L}_][\p{L}\p{N}_.-]*)((?:\[\d{1,9}\])*)\}")]
    private static partial Regex Pattern();
}
