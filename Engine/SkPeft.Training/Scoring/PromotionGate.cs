using System.Globalization;
using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Training.Objectives;

namespace SkPeft.Training.Scoring;

/// <summary>What must be better.</summary>
public enum GateMetric
{
    /// <summary>The share of lines whose true class has the highest score.</summary>
    Accuracy,

    /// <summary>The mean negative log-likelihood, of the true class or of a token of the completion.</summary>
    Loss,
}

/// <summary>A new version that wants into the store.</summary>
public sealed record PromotionRequest
{
    /// <summary>The adapter's name in the store.</summary>
    public required string Name { get; init; }

    /// <summary>The folder with its files.</summary>
    public required string Folder { get; init; }

    /// <summary>The same files, hashed.</summary>
    public required AdapterFiles Candidate { get; init; }

    /// <summary>The alias that the new version is to get; null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>What must be better than that of the version the alias names now; null: there is no condition.</summary>
    public GateMetric? Metric { get; init; }

    /// <summary>By how many standard errors of the difference; 0: any improvement will do.</summary>
    public double StandardErrors { get; init; }

    /// <summary>The held-out lines; needed where there is a metric.</summary>
    public TrainingData? HeldOut { get; init; }

    /// <summary>How the words of a class become its score.</summary>
    public WordAggregation Aggregation { get; init; }
}

/// <summary>What became of it.</summary>
/// <param name="Version">The version in the store; null where it was refused.</param>
/// <param name="Promoted">Whether the alias names it now.</param>
/// <param name="Refused">Whether it was not better: then nothing was changed.</param>
/// <param name="Against">What it was compared with: a reference, or the bare base; null where nothing was compared.</param>
/// <param name="Comparison">The comparison, or null.</param>
/// <param name="Metric">What was compared.</param>
public sealed record PromotionReport(AdapterVersion? Version, bool Promoted, bool Refused, string? Against, PairedComparison? Comparison, GateMetric? Metric)
{
    /// <summary>The report in one line.</summary>
    public string Text
    {
        get
        {
            string compared = Comparison is { } c
                ? string.Create(CultureInfo.InvariantCulture, $"{Metric!.Value.ToString().ToLowerInvariant()} {c.Candidate:F4} against {c.Baseline:F4} of {Against} on {c.Lines} lines: {c.Difference:+0.0000;-0.0000;0} ± {c.StandardError:F4} better")
                : "";
            return Refused ? $"not promoted, and nothing was changed: {compared}"
                : $"added {Version!.Reference}{(Promoted ? " and promoted it" : "")}{(compared.Length > 0 ? $": {compared}" : "")}";
        }
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("promotion");
        json.WriteString("version", Version?.Reference);
        json.WriteBoolean("promoted", Promoted);
        json.WriteBoolean("refused", Refused);
        if (Comparison is { } c)
        {
            json.WriteString("metric", Metric!.Value.ToString().ToLowerInvariant());
            json.WriteString("against", Against);
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

/// <summary>
/// Lets a new version into a store: compared first with the one in production, on held-out lines, by the engine that serves. Where it is
/// not better nothing is changed.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="loader">Loads adapters for it.</param>
/// <param name="store">The store.</param>
public sealed class PromotionGate(LanguageModel model, IAdapterLoader loader, IAdapterStore store)
{
    /// <summary>Compares, adds and promotes.</summary>
    /// <param name="request">The new version.</param>
    /// <param name="cancellationToken">Stops between lines; nothing is changed then.</param>
    /// <exception cref="TrainingException">Lines or classes for the metric are missing, or the alias was moved while lines were scored.</exception>
    public async Task<PromotionReport> RunAsync(PromotionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? alias = request.Alias is null ? null : $"{request.Name}@{request.Alias}";
        AdapterVersion? current = null;
        PairedComparison? comparison = null;
        if (request.Metric is { } metric && alias is not null)
        {
            TrainingData lines = request.HeldOut ?? throw new TrainingException("A new version is compared on held-out lines, and there are none.");
            (current, comparison) = await CompareAsync(request, alias, metric, lines, cancellationToken);
            if (!comparison.IsBetter(request.StandardErrors))
            {
                return new PromotionReport(null, false, true, NameOf(current), comparison, metric);
            }

            if (Find(alias)?.Number != current?.Number)
            {
                throw new TrainingException($"{alias} was moved while the new version was compared with {NameOf(current)}. Nothing was changed; run the comparison again.");
            }
        }

        AdapterVersion version = store.Add(request.Name, request.Folder, model.Fingerprint, cancellationToken).Version;
        if (request.Alias is not null)
        {
            _ = store.Promote(version.Reference, request.Alias);
        }

        return new PromotionReport(version, request.Alias is not null, false, comparison is null ? null : NameOf(current), comparison, request.Metric);
    }

    private async Task<(AdapterVersion? Current, PairedComparison Comparison)> CompareAsync(
        PromotionRequest request, string alias, GateMetric metric, TrainingData lines, CancellationToken cancellation)
    {
        HeldOutScorer scorer = new(model, lines, request.Aggregation);
        using ILoadedAdapter candidate = await loader.LoadAsync(request.Candidate, cancellation);
        IReadOnlyList<LineScore> mine = await scorer.ScoreAsync(candidate, cancellation);
        using IAdapterHold? hold = Hold(alias);
        using ILoadedAdapter? current = hold is null ? null : await loader.LoadAsync(hold.OpenFiles(cancellation), cancellation);
        if (current is null && candidate.Labels.Count > 0)
        {
            // The bare base has no classes: whoever guesses the most frequent one is the one to beat.
            return (null, PairedComparison.Of([.. mine.Select(s => Value(s, metric))], Majority(request, lines, metric, mine.Count), metric == GateMetric.Accuracy));
        }

        IReadOnlyList<LineScore> theirs = await scorer.ScoreAsync(current, cancellation);
        return (hold?.Version, PairedComparison.Of([.. mine.Select(s => Value(s, metric))], [.. theirs.Select(s => Value(s, metric))], metric == GateMetric.Accuracy));
    }

    private static double Value(LineScore score, GateMetric metric) => metric == GateMetric.Loss ? score.Loss
        : score.IsRight is { } right ? (right ? 1 : 0)
        : throw new TrainingException("The held-out lines have no classes, so there is no accuracy to compare. Name the classes, or compare the loss.");

    private double[] Majority(PromotionRequest request, TrainingData lines, GateMetric metric, int count)
    {
        Data.ExampleSet set = new Data.ExampleReader(lines,
            new Data.TextTools(model.Path, model.Tokenizer, () => model.ChatTemplate, model.Config.Sizes.VocabularySize), new Data.ExampleNeeds(ClassesOnly: true)).Read();
        Dictionary<int, int> counts = set.Examples.GroupBy(e => e.Class!.Value).ToDictionary(g => g.Key, g => g.Count());
        int most = counts.MaxBy(c => c.Value).Key;
        return [.. set.Examples.Select(e => metric == GateMetric.Accuracy ? (e.Class == most ? 1.0 : 0.0) : -Math.Log((double)counts[e.Class!.Value] / count))];
    }

    private static string NameOf(AdapterVersion? version) => version?.Reference ?? "the bare base";

    private AdapterVersion? Find(string reference)
    {
        try
        {
            return store.Resolve(reference);
        }
        catch (AdapterNotFoundException)
        {
            return null;
        }
    }

    private IAdapterHold? Hold(string reference)
    {
        try
        {
            return store.Hold(reference);
        }
        catch (AdapterNotFoundException)
        {
            return null;
        }
    }
}
