using System.Text.Json;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.RealRuns.Tests;

/// <summary>One run of <c>golden/smollm2-adapters</c>: what it began with, and what the reference got.</summary>
internal sealed class RecordedRun
{
    private readonly string _folder;

    public RecordedRun(string name)
    {
        _folder = SharedFolder.PathOf("golden", "smollm2-adapters", name);
        Name = name;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "run.json")));
        JsonElement run = document.RootElement;
        Task = run.GetProperty("task").GetString()!;
        Batch = run.GetProperty("batch").GetInt32();
        Rate = run.GetProperty("lr").GetDouble();
        Losses = run.GetProperty("losses").Deserialize<double[]>()!;
        Evaluated = run.GetProperty("eval").GetArrayLength();
        Accuracy = run.TryGetProperty("accuracy", out JsonElement accuracy) ? accuracy.GetDouble() : null;
        MeanLoss = run.TryGetProperty("mean_nll_per_token", out JsonElement mean) ? mean.GetDouble() : null;
    }

    /// <summary>The names of all runs; nothing where <c>../shared</c> is absent.</summary>
    public static IEnumerable<string> Names => SharedFolder.FoldersIn("golden", "smollm2-adapters");

    public string Name { get; }

    /// <summary>The folder of <c>data</c>.</summary>
    public string Task { get; }

    public int Batch { get; }

    public double Rate { get; }

    /// <summary>The loss of every step.</summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>How many test lines were evaluated.</summary>
    public int Evaluated { get; }

    /// <summary>Of the labelled tasks.</summary>
    public double? Accuracy { get; }

    /// <summary>Of a token of the reference answers, where there are no labels.</summary>
    public double? MeanLoss { get; }

    /// <summary>The configuration without the trained tensors beside it: nothing of the end may leak into the start.</summary>
    public AdapterPackage Configuration() =>
        new(Name, AdapterFolder.Open(Path.Combine(_folder, "adapter")).Config, new Dictionary<string, Tensor>());

    /// <summary>Every trained tensor before the first step.</summary>
    public IReadOnlyDictionary<string, Tensor> InitialState()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(_folder, "initial_state.safetensors"));
        return ReferenceLlama.TensorsOf(file);
    }
}
