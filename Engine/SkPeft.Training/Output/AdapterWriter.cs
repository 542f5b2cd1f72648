using System.Text.Json;
using SkPeft.Tensors.Formats;
using SkPeft.Training.Loop;

namespace SkPeft.Training.Output;

/// <summary>Writes what became of a run: the adapter in the layout that is loaded again, its training state, and the curve.</summary>
internal static class AdapterWriter
{
    private const string Config = "adapter_config.json";
    private const string Weights = "adapter_model.safetensors";
    private const string State = "state.safetensors";
    private const string Curve = "curve.svg";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Hugging Face's libraries ask for it.
    private static readonly Dictionary<string, string> s_metadata = new() { ["format"] = "pt" };

    /// <summary>Exports a learner, and writes it where there is a folder for it.</summary>
    /// <param name="learner">The adapter.</param>
    /// <param name="folder">The folder, or null.</param>
    /// <param name="history">What happened.</param>
    /// <param name="index">Its place in the run.</param>
    /// <param name="settings">The run's settings.</param>
    public static TrainedAdapter Write(Learner learner, string? folder, RunHistory history, int index, LoopSettings settings)
    {
        IReadOnlyList<AdapterPackage> packages = learner.Export();
        double[] losses = [.. history.Steps.Select(s => index == 0 ? s.Loss : s.Others[index - 1])];
        bool best = settings.KeepBest ?? settings.Patience is not null;
        Evaluation? evaluation = history.Evaluations.Count == 0 ? null : history.Evaluations[best ? history.Best : history.Evaluations.Count - 1][index];
        List<string> folders = [];
        if (folder is not null)
        {
            foreach (AdapterPackage package in packages)
            {
                string to = packages.Count == 1 ? folder : Path.Combine(folder, package.Name);
                Write(package, to);
                folders.Add(to);
            }

            Directory.CreateDirectory(folder);
            WriteTensors(Path.Combine(folder, State), learner.Training.Parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal));
            Evaluation[] evaluations = [.. history.Evaluations.Select(e => e[index])];
            TextFileWriter.Write(Path.Combine(folder, Curve), LossCurve.Draw(learner.Name, losses, evaluations));
        }

        return new TrainedAdapter(learner.Name, packages, folders, learner.Training.MatchedModules, losses, evaluation);
    }

    /// <summary>Writes an adapter's two files.</summary>
    public static void Write(AdapterPackage package, string folder)
    {
        Directory.CreateDirectory(folder);
        WriteTensors(Path.Combine(folder, Weights), package.Tensors);
        TextFileWriter.Write(Path.Combine(folder, Config), JsonSerializer.Serialize(Sorted(package.Config), s_indented) + "\n");
    }

    private static void WriteTensors(string path, IReadOnlyDictionary<string, Tensor> tensors) =>
        SafetensorsWriter.Write(path, tensors.Select(t => SafetensorsEntry.Of(t.Key, t.Value)), s_metadata);

    private static SortedDictionary<string, JsonElement> Sorted(JsonElement config) =>
        new(config.EnumerateObject().ToDictionary(p => p.Name, p => p.Value), StringComparer.Ordinal);
}
