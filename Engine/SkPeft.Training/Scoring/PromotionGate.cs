using SkPeft.Engine;

namespace SkPeft.Training.Scoring;

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
                return new PromotionReport(null, false, true, NameOf(current), comparison, metric) { MeasuredBy = Engine };
            }

            if (Find(alias)?.Number != current?.Number)
            {
                throw new TrainingException($"{alias} was moved while the new version was compared with {NameOf(current)}. Nothing was changed; run the comparison again.");
            }
        }

        AdapterVersion version = CandidateFiles.Stage(request.Folder, folder => store.Add(request.Name, folder, model.Fingerprint, cancellationToken)).Version;
        if (request.Alias is not null)
        {
            _ = store.Promote(version.Reference, request.Alias);
        }

        return new PromotionReport(version, request.Alias is not null, false, comparison is null ? null : NameOf(current), comparison, request.Metric) { MeasuredBy = Engine };
    }

    private string Engine => $"the serving engine, precision {model.Options.Precision.ToString().ToLowerInvariant()}";

    private async Task<(AdapterVersion? Current, PairedComparison Comparison)> CompareAsync(
        PromotionRequest request, string alias, GateMetric metric, TrainingData lines, CancellationToken cancellation)
    {
        HeldOutScorer scorer = new(model, lines, request.Aggregation, request.Task);
        using ILoadedAdapter candidate = await loader.LoadAsync(CandidateFiles.Of(request.Folder), cancellation);
        IReadOnlyList<LineScore> mine = await scorer.ScoreAsync(candidate, cancellation);
        using IAdapterHold? hold = Hold(alias);
        using ILoadedAdapter? current = hold is null ? null : await loader.LoadAsync(hold.OpenFiles(cancellation), cancellation);
        if (current is null && candidate.Labels.Count > 0)
        {
            // The bare base has no classes of its own: who always says the most frequent one is the one to beat.
            return (null, Compare(mine, scorer.MostFrequentClass(), metric));
        }

        IReadOnlyList<LineScore> theirs = await scorer.ScoreAsync(current, cancellation);
        return (hold?.Version, Compare(mine, theirs, metric));
    }

    // Adapters leave different room for a line: what one of them passed over is not compared.
    private static PairedComparison Compare(IReadOnlyList<LineScore> mine, IReadOnlyList<LineScore> theirs, GateMetric metric)
    {
        (LineScore Mine, LineScore Theirs)[] both = [.. mine.Join(theirs, m => m.Line, t => t.Line, (m, t) => (m, t))];
        return both.Length > 0
            ? PairedComparison.Of([.. both.Select(b => Value(b.Mine, metric))], [.. both.Select(b => Value(b.Theirs, metric))], metric == GateMetric.Accuracy)
            : throw new TrainingException("No held-out line fits the context with both versions, so there is nothing to compare, and nothing was changed. Give shorter lines.");
    }

    private static double Value(LineScore score, GateMetric metric) => metric == GateMetric.Loss ? score.Loss
        : score.IsRight is { } right ? (right ? 1 : 0)
        : throw new TrainingException("The held-out lines have no classes, so there is no accuracy to compare. Name the classes, or compare the loss.");

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
