using System.Globalization;
using SkPeft.Tensors.Formats;

namespace SkPeft.Training.Checkpoints;

/// <summary>A run between two steps.</summary>
/// <param name="Step">Steps that are behind it.</param>
/// <param name="Keys">What the run was asked for: a run that is resumed must be asked for the same.</param>
/// <param name="Tensors">Parameters, optimiser state, history.</param>
internal sealed record Checkpoint(int Step, IReadOnlyDictionary<string, string> Keys, IReadOnlyDictionary<string, Tensor> Tensors);

/// <summary>The checkpoint of a run: one file, replaced atomically (written beside, flushed to the disk, renamed).</summary>
/// <param name="path">The file.</param>
internal sealed class CheckpointFile(string path)
{
    private const string StepKey = "step";
    private const string RunPrefix = "run.";

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Steps behind the last checkpoint that was written or read; null: none was.</summary>
    public int? LastStep { get; private set; }

    /// <summary>Replaces the file.</summary>
    public void Write(Checkpoint checkpoint)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { [StepKey] = checkpoint.Step.ToString(CultureInfo.InvariantCulture) };
        foreach ((string key, string value) in checkpoint.Keys)
        {
            metadata.Add(RunPrefix + key, value);
        }

        SafetensorsWriter.Write(path, checkpoint.Tensors.Select(t => SafetensorsEntry.Of(t.Key, t.Value)), metadata);
        LastStep = checkpoint.Step;
    }

    /// <summary>Reads the file, or gives null where there is none: a run that was ended before its first checkpoint starts again.</summary>
    /// <exception cref="TrainingException">It belongs to a run that was asked for something else.</exception>
    /// <exception cref="FileFormatException">It is no checkpoint.</exception>
    public Checkpoint? Read(IReadOnlyDictionary<string, string> keys)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(StepKey, out string? text) || !int.TryParse(text, CultureInfo.InvariantCulture, out int step))
        {
            throw new FileFormatException(path, StepKey, text ?? "nothing", "the number of steps of a training checkpoint");
        }

        Dictionary<string, string> saved = file.Metadata.Where(m => m.Key.StartsWith(RunPrefix, StringComparison.Ordinal))
            .ToDictionary(m => m.Key[RunPrefix.Length..], m => m.Value, StringComparer.Ordinal);
        string[] differences =
        [
            .. saved.Keys.Union(keys.Keys).Order(StringComparer.Ordinal).Where(k => saved.GetValueOrDefault(k) != keys.GetValueOrDefault(k))
                .Select(k => $"{k} is {keys.GetValueOrDefault(k) ?? "not given"}, in the checkpoint {saved.GetValueOrDefault(k) ?? "not given"}"),
        ];
        if (differences.Length > 0)
        {
            throw new TrainingException($"{path} cannot be resumed, it belongs to another run: {string.Join("; ", differences)}. Ask for the same run, or start again without --resume.");
        }

        LastStep = step;
        return new Checkpoint(step, saved, file.Tensors.ToDictionary(t => t.Key, t => Read(t.Value), StringComparer.Ordinal));
    }

    /// <summary>Deletes the file, and what processes that were ended while they wrote it left behind.</summary>
    public void Delete()
    {
        File.Delete(path);
        DeleteLeftovers();
    }

    /// <summary>Deletes what processes that were ended while they wrote left behind.</summary>
    public void DeleteLeftovers()
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        foreach (string left in Directory.Exists(folder) ? Directory.GetFiles(folder, $"{System.IO.Path.GetFileName(path)}.*.tmp") : [])
        {
            File.Delete(left);
        }
    }

    private static Tensor Read(StoredTensor stored)
    {
        Tensor tensor = new([.. stored.Shape.Select(e => checked((int)e))]);
        stored.CopyTo(tensor.Data);
        return tensor;
    }
}
