using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Engine.Models;
using SkPeft.Engine.Models.Saving;

namespace SkPeft.Training.Pretraining;

/// <summary>Trains all parameters of a model from random ones, and writes it as a Hugging Face folder.</summary>
public static class Pretrainer
{
    // GPT-2's start; a deviation of 1/√columns, which random models for benchmarks have, learns nothing from small data.
    private const float Deviation = 0.02f;

    /// <summary>Runs the job on the calling thread.</summary>
    /// <returns>What the trainer says of the run.</returns>
    /// <exception cref="SkPeftException">A file cannot be read, or the run diverged.</exception>
    public static async Task<TrainingResult> RunAsync(PretrainingJob job, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        LlamaConfig config = LlamaConfigReader.FromHfConfigJson(job.Config);
        string start = Path.Combine(job.Out, "start");
        HfFolderWriter.Write(start, config, RowsOf(config.Sizes, StartWeights.Of(config.Sizes, job.Loop.Seed, Deviation)), job.Tokenizer);
        LanguageModelOptions options = new() { Precision = Tensors.Kernels.Precision.Exact, Threads = 1 };
        using LanguageModel model = LanguageModel.Open(start, options);
        string windows = WriteWindows(job, model);
        string work = Path.Combine(job.Out, "run");
        AdapterTrainer trainer = new(model, new OwnCatalog());
        TrainingResult result = await trainer.TrainAsync(new TrainingJob
        {
            Adapters =
            [
                new AdapterPlan
                {
                    Package = new AdapterPackage("model", JsonSerializer.SerializeToElement(new { peft_type = FullMethod.PeftType }), new Dictionary<string, Tensor>()),
                    Learning = job.Learning,
                    Folder = work,
                },
            ],
            Data = new TrainingData { Path = windows },
            Loop = job.Loop,
            Log = job.Log,
            Resume = job.Resume,
        }, progress, cancellation);
        HfFolderWriter.Write(job.Out, config, RowsOf(config.Sizes, result.Adapters[0].Packages[0].Tensors), job.Tokenizer);
        Directory.Delete(start, recursive: true);
        Directory.Delete(work, recursive: true);
        File.Delete(windows);
        return result;
    }

    private static MemoryRows RowsOf(ModelSizes sizes, IReadOnlyDictionary<string, Tensor> tensors) =>
        new(sizes, tensors.ToDictionary(t => t.Key, t => (ReadOnlyMemory<float>)t.Value.Data.ToArray(), StringComparer.Ordinal));

    private static string WriteWindows(PretrainingJob job, LanguageModel model)
    {
        if (model.Tokenizer is not { } tokenizer || (tokenizer.EosId ?? tokenizer.BosId) is not { } end)
        {
            throw new InvalidOptionException("tokenizer", job.Tokenizer, "a tokenizer.json beside a tokenizer_config.json with an \"eos_token\": documents are parted by it");
        }

        string path = Path.Combine(job.Out, "windows.jsonl");
        IEnumerable<string> documents = job.Data.SelectMany(TextCorpus.Read);
        File.WriteAllLines(path, TextCorpus.Windows(documents, tokenizer, end, job.Window, new Random(job.Loop.Seed))
            .Select(w => $"{{\"ids\":[{string.Join(',', w)}],\"prompt_len\":1}}"));
        return path;
    }
}
