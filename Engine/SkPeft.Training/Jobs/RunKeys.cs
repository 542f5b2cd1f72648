using System.Text.Json;
using SkPeft.Engine;

namespace SkPeft.Training;

/// <summary>What a run was asked for, as far as it shapes the numbers: a checkpoint belongs to runs that were asked for the same.</summary>
internal static class RunKeys
{
    // They change how fast a run is, how often it looks at itself, or where it writes.
    private static readonly string[] s_free =
        [nameof(LoopSettings.Threads), nameof(LoopSettings.MemoryLimit), nameof(LoopSettings.CheckpointEvery), nameof(LoopSettings.Recompute), nameof(TrainingData.Path)];

    public static IReadOnlyDictionary<string, string> Of(TrainingJob job, LanguageModel model, RunData data)
    {
        SortedDictionary<string, string> keys = new(StringComparer.Ordinal)
        {
            ["model"] = model.Fingerprint.Weights,
            ["data"] = data.Training.Digest,
            ["eval"] = data.Evaluation?.Digest ?? "none",
        };
        Add(keys, "", job.Loop);
        Add(keys, "data.", job.Data);
        if (job.Evaluation is { } evaluation)
        {
            Add(keys, "eval.", evaluation);
        }

        for (int i = 0; i < job.Adapters.Count; i++)
        {
            AdapterPlan plan = job.Adapters[i];
            keys.Add($"adapter{i}.config", plan.Package.Config.GetRawText());
            keys.Add($"adapter{i}.start", plan.Start.ValueKind == JsonValueKind.Undefined ? "none" : plan.Start.GetRawText());
            Add(keys, $"adapter{i}.", plan.Learning);
        }

        return keys;
    }

    private static void Add<T>(SortedDictionary<string, string> keys, string prefix, T settings)
    {
        foreach (JsonProperty property in JsonSerializer.SerializeToElement(settings).EnumerateObject().Where(p => !s_free.Contains(p.Name)))
        {
            keys.Add(prefix + property.Name, property.Value.GetRawText());
        }
    }
}
