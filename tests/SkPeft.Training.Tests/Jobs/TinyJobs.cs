using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Training.Tests.Jobs;

/// <summary>The tiny model, opened once, and jobs for it.</summary>
public sealed class TinyJobs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyJobs()
    {
        TinyLlama.Write(_folder.PathOf("model"));
        Model = LanguageModel.Open(_folder.PathOf("model"), new LanguageModelOptions { Threads = 1, Precision = Precision.Exact });
    }

    public LanguageModel Model { get; }

    /// <summary>A path of its own, with nothing there.</summary>
    public string New(string name) => _folder.PathOf($"{Guid.NewGuid():N}-{name}");

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }

    internal TrainingData Data(int lines = 24, int seed = 1, bool flipped = false)
    {
        Random random = new(seed);
        IEnumerable<string> text = Enumerable.Range(0, lines).Select(i =>
        {
            bool first = i % 2 == 0;
            string word = new(first ? 'p' : 'q', 3 + random.Next(6));
            return $"{{\"text\": \"{word}\", \"label\": \"{(first != flipped ? "a" : "b")}\"}}";
        });
        string path = New("data.jsonl");
        File.WriteAllLines(path, text);
        return new TrainingData { Path = path, Prompt = "{text}:", Completion = " {label}", Classes = [LabelClass.Of("a"), LabelClass.Of("b")] };
    }

    internal TrainingJob Job(int steps = 20, double rate = 0.1, string? folder = null, string type = TinyMethod.PeftType) => new()
    {
        Adapters = [Plan("tiny", rate, folder, type)],
        Data = Data(),
        Evaluation = Data(lines: 12, seed: 2),
        Loop = new LoopSettings { Steps = steps, Batch = 6, Order = LineOrder.Shuffle, Threads = 1 },
    };

    internal static AdapterPlan Plan(string name, double rate, string? folder = null, string type = TinyMethod.PeftType) => new()
    {
        Package = new AdapterPackage(name, JsonSerializer.SerializeToElement(new { peft_type = type }), new Dictionary<string, Tensor>()),
        Learning = new LearningSettings { Rate = rate },
        Folder = folder,
    };
}

/// <summary>Keeps what was reported, on the thread that reports.</summary>
internal sealed class Reports : IProgress<TrainingProgress>
{
    public List<TrainingProgress> All { get; } = [];

    public Action<TrainingProgress> Then { get; init; } = _ => { };

    public void Report(TrainingProgress value)
    {
        All.Add(value);
        Then(value);
    }
}
