using System.Globalization;
using System.Text.Json;

namespace SkPeft.Training.Scoring;

/// <summary>What became of it.</summary>
/// <param name="Version">The version in the store; null where it was refused.</param>
/// <param name="Promoted">Whether the alias names it now.</param>
/// <param name="Refused">Whether it was not better: then nothing was changed.</param>
/// <param name="Against">What it was compared with: a reference, or the bare base; null where nothing was compared.</param>
/// <param name="Comparison">The comparison, or null.</param>
/// <param name="Metric">What was compared.</param>
public sealed record PromotionReport(AdapterVersion? Version, bool Promoted, bool Refused, string? Against, PairedComparison? Comparison, GateMetric? Metric)
{
    /// <summary>What measured: a trainer's own evaluation computes otherwise, and lines near the border may come out otherwise.</summary>
    public string MeasuredBy { get; init; } = "the serving engine";

    /// <summary>The report in one line.</summary>
    public string Text
    {
        get
        {
            string compared = Comparison is { } c
                ? string.Create(CultureInfo.InvariantCulture, $"{Metric!.Value.ToString().ToLowerInvariant()} {c.Candidate:F4} against {c.Baseline:F4} of {Against} on {c.Lines} lines by {MeasuredBy}: {c.Difference:+0.0000;-0.0000;0} ± {c.StandardError:F4} better")
                : "";
            return Refused ? $"not promoted, and nothing was changed: {compared}"
                : $"added {Version!.Reference}{(Promoted ? " and promoted it" : "")}{(compared.Length > 0 ? $": {compared}" : "")}";
        }
    }

    internal void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("version", Version?.Reference);
        json.WriteBoolean("promoted", Promoted);
        json.WriteBoolean("refused", Refused);
        if (Comparison is { } c)
        {
            json.WriteString("metric", Metric!.Value.ToString().ToLowerInvariant());
            json.WriteString("against", Against);
            json.WriteString("measured_by", MeasuredBy);
            json.WriteNumber("lines", c.Lines);
            json.WriteNumber("candidate", c.Candidate);
            json.WriteNumber("baseline", c.Baseline);
            json.WriteNumber("difference", c.Difference);
            if (double.IsFinite(c.StandardError))
            {
                json.WriteNumber("standard_error", c.StandardError);
            }
        }

        json.WriteEndObject();
    }
}
