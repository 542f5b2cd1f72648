using System.Text.Json;
using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Reads a schema's keywords as typed values; what is malformed is refused by name.</summary>
internal readonly struct KeywordReader(JsonElement schema, SchemaOrigin origin)
{
    public bool Has(string keyword) => schema.TryGetProperty(keyword, out _);

    public bool HasAny(params ReadOnlySpan<string> keywords)
    {
        foreach (string keyword in keywords)
        {
            if (Has(keyword))
            {
                return true;
            }
        }

        return false;
    }

    public JsonElement? Get(string keyword) => schema.TryGetProperty(keyword, out JsonElement value) ? value : null;

    public string? Text(string keyword) => Get(keyword) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw origin.Wrong(keyword, $"{value.ValueKind}", "a text");

    /// <summary>A list of texts, or one text.</summary>
    public IReadOnlyList<string>? Texts(string keyword) => Get(keyword) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) ? [.. value.EnumerateArray().Select(v => v.GetString()!)]
        : throw origin.Wrong(keyword, $"{value.ValueKind}", "a text, or a list of texts");

    public int? Count(string keyword) => Get(keyword) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal number) && number >= 0 && number <= Grammars.StringTerminal.MaxLength && decimal.Floor(number) == number
            ? (int)number
            : throw origin.Wrong(keyword, Shown(value), $"a whole number from 0 to {Grammars.StringTerminal.MaxLength}");

    /// <summary>A bound of numbers, as exact as it is written.</summary>
    public decimal? Bound(string keyword, bool isInteger)
    {
        if (Get(keyword) is not { } value)
        {
            return null;
        }

        bool isNumber = value.ValueKind == JsonValueKind.Number;
        decimal number = 0;
        bool fits = isNumber && value.TryGetDecimal(out number);
        int whole = decimal.Truncate(Math.Abs(number)).ToString("F0").Length;
        int fraction = (number % 1).ToString("G29") is var text && text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        bool isExact = isInteger ? whole <= 19 : whole + fraction <= NumberText.Digits;
        return fits && isExact ? number : throw origin.Wrong(
            keyword, Shown(value), isInteger ? "a number of at most 19 digits before the point" : $"a number of at most {NumberText.Digits} digits");
    }

    public TextAutomaton Pattern() => Text("pattern") is { } pattern
        ? origin.Guard(() => RegexCompiler.Somewhere(RegexParser.Parse(pattern)))
        : TextAutomaton.AnyText;

    private static string Shown(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? $"{text[..60]}…" : value.GetRawText();
}
