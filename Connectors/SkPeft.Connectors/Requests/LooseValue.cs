using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkPeft.Connectors.Requests;

/// <summary>
/// Reads values as frameworks hand them over: numbers as any numeric type, as text or as JSON; lists as arrays, lazy sequences or JSON;
/// maps as dictionaries or JSON. What cannot be read is an error that names the option.
/// </summary>
internal static class LooseValue
{
    // A lazy sequence may be endless.
    private const int MostItems = 1 << 20;

    public static string Text(string option, object value) => Plain(value) switch
    {
        string text => text,
        _ => throw Wrong(option, value, "a text"),
    };

    public static double Number(string option, object value) => Plain(value) switch
    {
        double number when double.IsFinite(number) => number,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) => number,
        _ => throw Wrong(option, value, "a number"),
    };

    public static long Long(string option, object value) => value switch
    {
        // Whole numbers beyond 2^53 would not survive the way through a double.
        long number => number,
        JsonElement { ValueKind: JsonValueKind.Number } json when json.TryGetInt64(out long number) => number,
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        _ => Number(option, value) is { } number && number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number : throw Wrong(option, value, "a whole number"),
    };

    public static int Integer(string option, object value)
    {
        double number = Number(option, value);
        return number == Math.Floor(number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Wrong(option, value, "a whole number");
    }

    public static bool Flag(string option, object value) => Plain(value) switch
    {
        bool flag => flag,
        string text when bool.TryParse(text, out bool flag) => flag,
        _ => throw Wrong(option, value, "true or false"),
    };

    /// <summary>A list of texts; one text alone is a list of one.</summary>
    public static IReadOnlyList<string> Texts(string option, object value) => Plain(value) switch
    {
        string text => [text],
        IEnumerable items and not IDictionary => [.. Limited(option, items).Select(item => Text(option, item ?? throw Wrong(option, value, "texts")))],
        _ => throw Wrong(option, value, "a text or a list of texts"),
    };

    /// <summary>A map from token ids to numbers.</summary>
    public static IReadOnlyDictionary<int, float> TokenNumbers(string option, object value)
    {
        Dictionary<int, float> map = [];
        foreach ((object? key, object? number) in TryPairs(option, value) ?? throw Wrong(option, value, "a map from token ids to numbers"))
        {
            map[Integer($"{option} token", key ?? "")] = (float)Number($"{option} value", number ?? "");
        }

        return map;
    }

    /// <summary>The pairs of a map, or null where the value is none.</summary>
    public static IEnumerable<(object? Key, object? Value)>? TryPairs(string option, object value)
    {
        switch (value)
        {
            case JsonElement { ValueKind: JsonValueKind.Object } json:
                return json.EnumerateObject().Select(p => ((object?)p.Name, (object?)p.Value));
            case JsonObject json:
                return json.Select(p => ((object?)p.Key, (object?)p.Value));
            case IDictionary map:
                return map.Keys.Cast<object?>().Select(k => (k, map[k!]));
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                return Limited(option, pairs).Cast<KeyValuePair<string, object?>>().Select(p => ((object?)p.Key, p.Value));
            default:
                return null;
        }
    }

    private static object? Plain(object? value) => value switch
    {
        string or bool or double => value,
        JsonElement json => json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Number => json.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Array => json.EnumerateArray().Select(item => (object?)item),
            _ => null,
        },
        JsonNode node => Plain(JsonSerializer.SerializeToElement(node)),
        Half half => (double)half,
        byte or sbyte or short or ushort or int or uint or long or ulong or float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        Enum => value.ToString(),
        _ => value,
    };

    private static IEnumerable<object?> Limited(string option, IEnumerable items)
    {
        int count = 0;
        foreach (object? item in items)
        {
            yield return ++count <= MostItems ? item : throw new InvalidOptionException(option, "a list without end", $"at most {MostItems} entries");
        }
    }

    private static InvalidOptionException Wrong(string option, object value, string expected) => new(option, Shown(value), expected);

    private static string Shown(object value)
    {
        string text = value is IEnumerable and not string and not JsonNode ? value.GetType().Name : $"'{value}'";
        return text.Length <= 100 ? text : text[..100] + "…";
    }
}
