using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Training;

/// <summary>Training runs begun by hand.</summary>
internal static class Requests
{
    /// <summary>A run on a small base.</summary>
    /// <param name="model">The base.</param>
    /// <param name="config">The text of the configuration.</param>
    /// <param name="start">The text of the options' <c>start</c>, or null for none.</param>
    /// <param name="tasks">Tasks of the data.</param>
    /// <param name="seed">The run's seed.</param>
    public static TrainingRequest Of(ReferenceLlama model, string config, string? start = null, int tasks = 1, int seed = 3) => new()
    {
        Package = AdapterFolder.Make(config, new Dictionary<string, Tensor>()),
        Model = model,
        Probe = new ReferenceProbe(model),
        Random = new Random(seed),
        Start = start is null ? default : JsonSerializer.Deserialize<JsonElement>(start),
        Tasks = tasks,
    };

    /// <summary>The value of a parameter, by its name in training states.</summary>
    public static Tensor Value(this PeftTraining training, string name) => training.Parameters.Single(p => p.Name == name).Value.Detach();
}
