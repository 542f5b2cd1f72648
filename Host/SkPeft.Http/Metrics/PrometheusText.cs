using System.Globalization;
using System.Text;

namespace SkPeft.Http.Metrics;

/// <summary>One family of series as lines.</summary>
internal static class PrometheusText
{
    public static void Write(StringBuilder text, string name, IReadOnlyList<InstrumentSeries> family)
    {
        SeriesKind kind = family[0].Kind;
        if (family[0].Instrument.Description is { Length: > 0 } help)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(PrometheusNames.Escape(help)).Append('\n');
        }

        text.Append("# TYPE ").Append(name).Append(' ').Append(kind.ToString().ToLowerInvariant()).Append('\n');
        foreach ((string labels, Series series) in family.SelectMany(i => i.Series).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            SeriesValue value = series.Read();
            if (kind == SeriesKind.Histogram)
            {
                Histogram(text, name, labels, value);
            }
            else
            {
                Line(text, name, labels, value.Value);
            }
        }
    }

    private static void Histogram(StringBuilder text, string name, string labels, SeriesValue value)
    {
        string before = labels.Length == 0 ? "" : $"{labels},";
        foreach ((double bound, long count) in value.Buckets)
        {
            Line(text, $"{name}_bucket", $"{before}le=\"{Number(bound)}\"", count);
        }

        Line(text, $"{name}_bucket", $"{before}le=\"+Inf\"", value.Count);
        Line(text, $"{name}_sum", labels, value.Value);
        Line(text, $"{name}_count", labels, value.Count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? (value > 0 ? "+Inf" : "-Inf") : value.ToString("R", CultureInfo.InvariantCulture);
}
