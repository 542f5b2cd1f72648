using System.Text.RegularExpressions;

namespace ShippedModel;

/// <summary>Restaurant records as E2E writes them: <c>name[The Eagle], food[French], …</c>.</summary>
internal static partial class Records
{
    /// <summary>The fields of a record, in its order.</summary>
    public static IReadOnlyList<(string Field, string Value)> Fields(string meaning) =>
        [.. FieldPattern().Matches(meaning).Select(m => (m.Groups[1].Value.Trim(), m.Groups[2].Value))];

    /// <summary>A record of fields.</summary>
    public static string Text(IEnumerable<(string Field, string Value)> fields) => string.Join(", ", fields.Select(f => $"{f.Field}[{f.Value}]"));

    [GeneratedRegex(@"([\w ]+)\[([^\]]*)\]")]
    private static partial Regex FieldPattern();
}
