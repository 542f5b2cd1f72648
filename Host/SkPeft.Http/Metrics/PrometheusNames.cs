using System.Text;

namespace SkPeft.Http.Metrics;

/// <summary>Names as Prometheus has them: the unit behind the name, <c>_total</c> behind a counter's.</summary>
internal static class PrometheusNames
{
    public static string Of(InstrumentSeries instrument)
    {
        string unit = instrument.Instrument.Unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            "1" or null or "" => "",
            ['{', ..] => "",
            { } other => Legal(other),
        };
        string name = Legal(instrument.Instrument.Name);
        name = unit.Length == 0 || name.EndsWith($"_{unit}", StringComparison.Ordinal) ? name : $"{name}_{unit}";
        return instrument.Kind == SeriesKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? $"{name}_total" : name;
    }

    public static string Legal(string name)
    {
        StringBuilder legal = new(name.Length);
        foreach (char c in name)
        {
            legal.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        }

        return legal.Length > 0 && char.IsAsciiDigit(legal[0]) ? $"_{legal}" : legal.ToString();
    }

    public static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
