using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>What <c>format</c> says about texts and about numbers.</summary>
internal sealed record Format(TextAutomaton Texts, NumberRange Numbers)
{
    private static readonly Dictionary<string, NumberRange> s_numbers = new(StringComparer.Ordinal)
    {
        ["int32"] = new(int.MinValue, false, int.MaxValue, false, true),
        ["int64"] = new(long.MinValue, false, long.MaxValue, false, true),
        ["float"] = NumberRange.All,
        ["double"] = NumberRange.All,
    };

    public static Format Read(KeywordReader schema, SchemaOrigin origin)
    {
        string? name = schema.Text("format");
        return name is null ? new Format(TextAutomaton.AnyText, NumberRange.All)
            : StringFormats.Find(name) is { } texts ? new Format(texts, NumberRange.All)
            : s_numbers.TryGetValue(name, out NumberRange? numbers) ? new Format(TextAutomaton.AnyText, numbers)
            : throw origin.Wrong("format", $"'{name}'", $"{StringFormats.Known}, {string.Join(", ", s_numbers.Keys)}");
    }
}
