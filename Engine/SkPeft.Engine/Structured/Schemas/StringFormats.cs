using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>The formats of strings that are known, as patterns. A pattern may describe fewer texts than its format: never others.</summary>
internal static class StringFormats
{
    // Years of four digits that every library's dates can hold.
    private const string Date =
        "(?:[12]\\d{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))" +
        "|(?:[12]\\d(?:0[48]|[2468][048]|[13579][26])|(?:12|16|20|24|28)00)-02-29)";

    private const string Time = "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,6})?(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))";
    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?";
    private const string Host = "(?:" + Label + "\\.){1,3}[A-Za-z]{2,12}";
    private const string Byte = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private const string Group = "[0-9a-fA-F]{1,4}";
    private const string Day = "\\d{1,4}D";
    private const string Month = "\\d{1,4}M(?:" + Day + ")?";
    private const string Year = "\\d{1,4}Y(?:" + Month + ")?";
    private const string Clock = "T(?:\\d{1,4}H(?:\\d{1,4}M(?:\\d{1,4}S)?)?|\\d{1,4}M(?:\\d{1,4}S)?|\\d{1,4}S)";

    private static readonly Dictionary<string, Lazy<TextAutomaton>> s_formats = new(StringComparer.Ordinal)
    {
        ["date"] = Of(Date),
        ["time"] = Of(Time),
        ["date-time"] = Of(Date + "T" + Time),
        ["duration"] = Of("P(?:(?:" + Day + "|" + Month + "|" + Year + ")(?:" + Clock + ")?|" + Clock + "|\\d{1,4}W)"),
        ["uuid"] = Of("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
        ["email"] = Of("[A-Za-z0-9_+-]{1,32}(?:\\.[A-Za-z0-9_+-]{1,16})?@" + Host),
        ["hostname"] = Of(Host),
        ["ipv4"] = Of(Byte + "(?:\\." + Byte + "){3}"),
        ["ipv6"] = Of(string.Join('|', Ipv6())),
        ["uri"] = Of("https?://" + Host + "(?::[1-9]\\d{0,3})?(?:/[A-Za-z0-9_.~-]{1,64}){0,8}/?(?:\\?[A-Za-z0-9_.~=&-]{1,64})?(?:#[A-Za-z0-9_.~-]{1,32})?"),
    };

    public static string Known => string.Join(", ", s_formats.Keys.Order(StringComparer.Ordinal));

    /// <summary>The texts of a format, or null where it is not known.</summary>
    public static TextAutomaton? Find(string format) => s_formats.GetValueOrDefault(format)?.Value;

    private static Lazy<TextAutomaton> Of(string pattern) => new(() => RegexCompiler.Whole(RegexParser.Parse(pattern)));

    // RFC 4291: eight groups, or fewer with one '::' for those that are missing.
    private static IEnumerable<string> Ipv6()
    {
        yield return $"(?:{Group}:){{7}}{Group}";
        yield return $"(?:{Group}:){{1,7}}:";
        yield return $":(?::{Group}){{1,7}}";
        yield return "::";
        for (int front = 1; front <= 6; front++)
        {
            yield return $"(?:{Group}:){{{front}}}(?::{Group}){{1,{7 - front}}}";
        }
    }
}
