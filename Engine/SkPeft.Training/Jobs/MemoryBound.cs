using System.Globalization;
using SkPeft.Engine.Adapters;
using SkPeft.Training.Data;
using SkPeft.Training.Forward;
using SkPeft.Training.Loop;
using SkPeft.Training.Objectives;

namespace SkPeft.Training;

/// <summary>A bound on the memory that a run takes beside the model, from its longest batch.</summary>
internal sealed class MemoryBound
{
    // StepMemory hands out sizes in steps of an eighth.
    private const double Rounding = 1.125;

    private readonly ModelSizes _sizes;
    private readonly bool _recompute;

    public MemoryBound(ModelShape shape, IReadOnlyList<Learner> learners, IStepObjective objective, RunSplits splits, LoopSettings settings, CachedBase frozen)
    {
        (_sizes, _recompute) = (shape.Sizes, settings.Recompute);
        EffectIndex[] effects = [.. learners.Select(l => l.BuildEffects(0))];
        int soft = effects.Max(e => e.PromptRows + e.GeneratedRows);
        foreach (Example[] part in Parts(splits, settings))
        {
            Passage[] passages = [.. part.SelectMany(objective.PassagesOf)];
            MostTokens = Math.Max(MostTokens, passages.Sum(p => p.Ids.Length));
            MostRows = Math.Max(MostRows, passages.Sum(p => p.Ids.Length + soft));
            MostLosses = Math.Max(MostLosses, objective is HeadObjective ? 0 : passages.Sum(p => p.Losses));
        }

        int several = learners.Count;
        long parameters = learners.Sum(l => (l.Training.Parameters.Sum(p => 2L * p.Value.Length) * sizeof(float)) + l.Optimiser.BytesFor(l.Trained));

        // The effects have been built: the weights that methods look at in every step are decoded by now.
        Bytes = parameters + frozen.Bytes + (long)(Rounding * several * (Activations(MostRows) + Gradients(MostRows) + (MostLosses * (double)(_sizes.VocabularySize + (2 * _sizes.HiddenSize)) * sizeof(float))));
    }

    /// <summary>Bytes beside the model.</summary>
    public long Bytes { get; }

    /// <summary>Tokens of the largest part of a step, of one adapter.</summary>
    public int MostTokens { get; }

    /// <summary>Rows of it, soft tokens included.</summary>
    public int MostRows { get; }

    /// <summary>Its tokens that carry loss.</summary>
    public int MostLosses { get; }

    /// <exception cref="TrainingException">There is not so much memory.</exception>
    public void Require(long? limit)
    {
        long free = limit ?? FreeBytes();
        if (Bytes > free)
        {
            throw new TrainingException(
                $"Training would take up to {Megabytes(Bytes)} MB beside the model, and {Megabytes(free)} MB {(limit is null ? "are free" : "are allowed (--memory-limit)")}. " +
                "Give \"recompute\": true or a \"micro_batch\" in --options, a smaller --batch, or shorter lines.");
        }
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("N0", CultureInfo.InvariantCulture);

    // What a block remembers of a row: norms, q|k|v before and behind rotation, what was read, the MLP's two halves and their product, sums;
    // twice where effects keep what they saw.
    private double BlockBytes(long rows) =>
        2.0 * rows * ((6 * _sizes.HiddenSize) + (3 * _sizes.QueryWidth) + (4 * _sizes.KeyValueWidth) + (4 * _sizes.IntermediateSize) + _sizes.Heads) * sizeof(float);

    private double Activations(long rows) =>
        (rows * (double)_sizes.HiddenSize * sizeof(float) * (_sizes.Layers + 2)) + (BlockBytes(rows) * (_recompute ? 1 : _sizes.Layers));

    private double Gradients(long rows) => BlockBytes(rows) + (4.0 * rows * _sizes.HiddenSize * sizeof(float));

    private static IEnumerable<Example[]> Parts(RunSplits splits, LoopSettings settings)
    {
        int size = settings.MicroBatch ?? settings.Batch;
        for (int step = 0; step < splits.Plan.Steps; step++)
        {
            foreach (Example[] part in splits.Plan.At(step).Select(i => splits.Training[i]).Chunk(size))
            {
                yield return part;
            }

            foreach (Example[] part in splits.BilevelPlan?.At(step).Select(i => splits.Bilevel[i]).Chunk(size) ?? [])
            {
                yield return part;
            }
        }
    }

    private static long FreeBytes()
    {
        long most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;
        const string file = "/proc/meminfo", line = "MemAvailable:";
        if (!File.Exists(file))
        {
            return most;
        }

        string? available = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(line, StringComparison.Ordinal));
        return available?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] && long.TryParse(kilobytes, CultureInfo.InvariantCulture, out long free)
            ? Math.Min(most, free * 1024)
            : most;
    }
}
