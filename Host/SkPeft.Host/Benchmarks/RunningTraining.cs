using SkPeft.Engine;
using SkPeft.Training;

namespace SkPeft.Host.Benchmarks;

/// <summary>An adapter that is trained in this process, on lines of random tokens, until it is stopped.</summary>
internal sealed class RunningTraining : IProgress<TrainingProgress>, IAsyncDisposable
{
    // Far more than a measurement sees.
    private const int Steps = 1_000_000, Lines = 64;

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _run;
    private double _seconds;
    private long _tokens;

    private RunningTraining(LanguageModel model, BenchAdapters adapters, int threads, int batch, int tokens)
    {
        string data = adapters.Files.PathOf("lines.jsonl");
        File.WriteAllLines(data, Enumerable.Range(0, Lines).Select(line => Line(new Random(line), model.Config.Sizes.VocabularySize, tokens)));
        _run = new AdapterTrainer(model, adapters.Plugins).TrainAsync(
            new TrainingJob
            {
                Adapters = [new AdapterPlan { Package = adapters.Package(0) }],
                Data = new TrainingData { Path = data },
                Loop = new LoopSettings { Batch = batch, Steps = Steps, Threads = threads },
            },
            this, _stop.Token);
        _run.ContinueWith(_began.TrySetFromTask, TaskScheduler.Default);
    }

    /// <summary>Begins a run, and waits for its first step: the code is compiled by then.</summary>
    /// <param name="model">The base, which may serve meanwhile.</param>
    /// <param name="adapters">What is trained.</param>
    /// <param name="threads">Threads of the run.</param>
    /// <param name="batch">Lines of a step.</param>
    /// <param name="tokens">Tokens of a line, one of them the answer.</param>
    public static async Task<RunningTraining> BeginAsync(LanguageModel model, BenchAdapters adapters, int threads, int batch, int tokens)
    {
        RunningTraining training = new(model, adapters, threads, batch, tokens);
        await training._began.Task;
        return training;
    }

    /// <summary>Tokens of its steps so far by their seconds, the first step left out.</summary>
    public double TokensPerSecond => _seconds > 0 ? _tokens / _seconds : 0;

    public void Report(TrainingProgress value)
    {
        if (value.Step is not { } step)
        {
            return;
        }

        if (!_began.TrySetResult())
        {
            _seconds += step.Seconds;
            _tokens += step.Tokens;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private static string Line(Random random, int vocabulary, int tokens) =>
        $$"""{ "ids": [{{string.Join(", ", Enumerable.Range(0, tokens).Select(_ => random.Next(vocabulary)))}}], "prompt_len": {{tokens - 1}} }""";
}
