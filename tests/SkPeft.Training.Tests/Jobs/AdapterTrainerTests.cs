using System.Text.Json;
using SkPeft.Engine.Generation;
using SkPeft.Tensors.Formats;
using SkPeft.Training.Objectives;
using SkPeft.Training.Scoring;

namespace SkPeft.Training.Tests.Jobs;

/// <summary>Whole runs on the tiny model, by the API.</summary>
public sealed class AdapterTrainerTests(TinyJobs tiny) : IClassFixture<TinyJobs>
{
    private readonly TinyCatalog _catalog = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_is_learned_and_what_is_written_serves_as_it_was_measured()
    {
        string folder = tiny.New("out");
        Reports reports = new();

        TrainingJob job = tiny.Job(60, folder: folder);
        TrainingResult result = await Trainer.TrainAsync(job, reports, Cancellation);

        Evaluation evaluation = result.Adapters[0].Evaluation.ShouldNotBeNull();
        result.Steps[^1].Loss.ShouldBeLessThan(result.Steps[0].Loss / 2);
        reports.All[0].Outline.Steps.ShouldBe(60);
        reports.All[0].Outline.Parameters.ShouldBe(4 * 32);
        reports.All.Count(r => r.Step is not null).ShouldBe(60);
        _catalog.Leases.ShouldBe(0);

        AdapterFiles files = new("tiny", "", Path.Combine(folder, "adapter_config.json"), Path.Combine(folder, "adapter_model.safetensors"), null);
        using ILoadedAdapter adapter = await tiny.Model.CreateAdapterLoader(_catalog).LoadAsync(files, Cancellation);
        IReadOnlyList<LineScore> served = await new HeldOutScorer(tiny.Model, job.Evaluation!, WordAggregation.Sum).ScoreAsync(adapter, Cancellation);
        served.Average(s => s.Loss).ShouldBe(evaluation.MeanLoss, 1e-4);
        served.Average(s => s.IsRight == true ? 1.0 : 0).ShouldBe(evaluation.Accuracy!.Value);
        using SafetensorsFile state = SafetensorsFile.Open(Path.Combine(folder, "state.safetensors"));
        state.Tensors.Keys.ShouldBe(["prompt.weight"]);
    }

    [Fact]
    public async Task Threads_change_nothing()
    {
        TrainingJob job = tiny.Job(6);

        TrainingResult one = await Trainer.TrainAsync(job, cancellationToken: Cancellation);
        TrainingResult three = await Trainer.TrainAsync(job with { Loop = job.Loop with { Threads = 3 } }, cancellationToken: Cancellation);

        three.Adapters[0].Losses.ShouldBe(one.Adapters[0].Losses);
        Prompt(three).ShouldBe(Prompt(one));
    }

    [Fact]
    public async Task Several_adapters_in_one_run_learn_as_they_would_alone()
    {
        TrainingJob job = tiny.Job(10);

        TrainingResult both = await Trainer.TrainAsync(job with { Adapters = [.. job.Adapters, TinyJobs.Plan("second", 0.01)] }, cancellationToken: Cancellation);
        TrainingResult alone = await Trainer.TrainAsync(job, cancellationToken: Cancellation);

        both.Adapters.Select(a => a.Name).ShouldBe(["tiny", "second"]);
        both.Adapters[0].Losses.Zip(alone.Adapters[0].Losses).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-4);
        both.Adapters[1].Losses.ShouldNotBe(both.Adapters[0].Losses);
    }

    [Fact]
    public async Task A_cancelled_run_leaves_a_checkpoint_that_goes_on_to_the_same_end()
    {
        string folder = tiny.New("out"), log = tiny.New("log.jsonl");
        TrainingJob job = tiny.Job(12, folder: folder) with { Log = log };
        TrainingResult straight = await Trainer.TrainAsync(job with { Adapters = [TinyJobs.Plan("tiny", 0.1)], Log = null }, cancellationToken: Cancellation);
        using CancellationTokenSource stop = new();
        Reports reports = new() { Then = r => { if (r.Step?.Step == 4) { stop.Cancel(); } } };

        await Should.ThrowAsync<OperationCanceledException>(() => Trainer.TrainAsync(job, reports, stop.Token));

        File.Exists(Path.Combine(folder, "checkpoint.safetensors")).ShouldBeTrue();
        Reports later = new();
        TrainingResult resumed = await Trainer.TrainAsync(job with { Resume = true }, later, Cancellation);
        later.All[0].Outline.FirstStep.ShouldBe(5);
        resumed.Adapters[0].Losses.ShouldBe(straight.Adapters[0].Losses);
        Prompt(resumed).ShouldBe(Prompt(straight));
        File.Exists(Path.Combine(folder, "checkpoint.safetensors")).ShouldBeFalse();
        File.ReadLines(log).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("loss").GetDouble()).ShouldBe(straight.Adapters[0].Losses);
    }

    [Fact]
    public async Task Dropout_is_the_same_for_any_threads_parts_and_recomputation_and_behind_an_interruption()
    {
        TrainingJob job = tiny.Job(6, type: DroppingMethod.PeftType);
        TrainingResult straight = await Trainer.TrainAsync(job, cancellationToken: Cancellation);
        Task<TrainingResult> With(LoopSettings loop) => Trainer.TrainAsync(job with { Loop = loop }, cancellationToken: Cancellation);

        (await With(job.Loop with { Threads = 3 })).Adapters[0].Losses.ShouldBe(straight.Adapters[0].Losses);
        (await With(job.Loop with { Recompute = true })).Adapters[0].Losses.ShouldBe(straight.Adapters[0].Losses);
        (await With(job.Loop with { Seed = 8 })).Adapters[0].Losses.ShouldNotBe(straight.Adapters[0].Losses);
        (await With(job.Loop with { MicroBatch = 2 })).Adapters[0].Losses.Zip(straight.Adapters[0].Losses).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-4);

        TrainingJob kept = tiny.Job(6, folder: tiny.New("out"), type: DroppingMethod.PeftType) with { Data = job.Data };
        using CancellationTokenSource stop = new();
        Reports reports = new() { Then = r => { if (r.Step?.Step == 2) { stop.Cancel(); } } };
        await Should.ThrowAsync<OperationCanceledException>(() => Trainer.TrainAsync(kept, reports, stop.Token));
        (await Trainer.TrainAsync(kept with { Resume = true }, cancellationToken: Cancellation)).Adapters[0].Losses.ShouldBe(straight.Adapters[0].Losses);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_memory_that_a_run_takes_is_within_the_bound_that_was_told(bool recompute)
    {
        TrainingJob job = tiny.Job(8);
        Reports reports = new();

        await Trainer.TrainAsync(job with { Loop = job.Loop with { Recompute = recompute, Batch = 24 } }, reports, Cancellation);

        // Before the first step: values, gradients, the best values, and two numbers of AdamW for each.
        reports.All[0].MemoryBytes.ShouldBe(5 * sizeof(float) * reports.All[0].Outline.Parameters);
        reports.All[^1].MemoryBytes.ShouldBeGreaterThan(reports.All[0].MemoryBytes);
        reports.All.ShouldAllBe(r => r.MemoryBytes <= r.Outline.MemoryBytes);
    }

    [Fact]
    public async Task A_run_that_would_not_fit_is_refused_before_it_begins()
    {
        TrainingJob job = tiny.Job();

        TrainingException error = await Should.ThrowAsync<TrainingException>(() => Trainer.TrainAsync(job with { Loop = job.Loop with { MemoryLimit = 50_000 } }, cancellationToken: Cancellation));

        error.Message.ShouldContain("recompute");
        error.Message.ShouldContain("MB");
    }

    [Fact]
    public async Task A_method_that_reads_the_instruction_refuses_a_loss_on_it()
    {
        TrainingJob job = tiny.Job(type: TinyMethod.ReadingType);

        (await Should.ThrowAsync<TrainingException>(() => Trainer.TrainAsync(job with { Data = job.Data with { LossOnAll = true } }, cancellationToken: Cancellation)))
            .Message.ShouldContain("reads the whole instruction");
        TrainingJob other = tiny.Job(1);
        (await Trainer.TrainAsync(other with { Data = other.Data with { LossOnAll = true } }, cancellationToken: Cancellation)).Steps.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Losses_that_compare_classes_need_some()
    {
        TrainingJob job = tiny.Job();
        LoopSettings loop = job.Loop with { Losses = [LossKind.CrossEntropy, LossKind.Unlikelihood, LossKind.Ranking], Steps = 40 };

        (await Should.ThrowAsync<TrainingException>(() => Trainer.TrainAsync(job with { Loop = loop, Data = job.Data with { Classes = [] } }, cancellationToken: Cancellation)))
            .Message.ShouldContain("--labels");
        TrainingResult result = await Trainer.TrainAsync(job with { Loop = loop }, cancellationToken: Cancellation);
        result.Adapters[0].Evaluation!.Accuracy.ShouldBe(1);
    }

    [Fact]
    public async Task A_share_of_the_lines_is_set_apart_where_there_are_no_held_out_ones()
    {
        TrainingJob job = tiny.Job(4);

        TrainingResult result = await Trainer.TrainAsync(job with { Evaluation = null, Loop = job.Loop with { ValidationShare = 0.25, EvaluateEvery = 2 } }, cancellationToken: Cancellation);

        result.Outline.Lines.ShouldBe(18);
        result.Evaluations.Select(e => e.Step).ShouldBe([2, 4]);
        result.Evaluations.ShouldAllBe(e => e.Accuracy != null);
    }

    [Fact]
    public async Task Classes_of_lines_set_apart_are_measured_and_change_no_loss()
    {
        TrainingJob job = tiny.Job(6) with { Evaluation = null };
        LoopSettings loop = job.Loop with { ValidationShare = 0.25 };

        TrainingResult named = await Trainer.TrainAsync(job with { Loop = loop }, cancellationToken: Cancellation);
        TrainingResult plain = await Trainer.TrainAsync(job with { Loop = loop, Data = job.Data with { Classes = [] } }, cancellationToken: Cancellation);

        named.Steps.Select(s => s.Loss).ShouldBe(plain.Steps.Select(s => s.Loss));
        (named.Evaluations[^1].Accuracy is null, plain.Evaluations[^1].Accuracy is null).ShouldBe((false, true));
    }

    [Fact]
    public async Task Serving_goes_on_while_a_run_trains_and_says_the_same()
    {
        IReadOnlyList<int> prompt = tiny.Model.Tokenizer!.Encode("pppp:");
        string before = await SayAsync(prompt);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Reports reports = new() { Then = _ => begun.TrySetResult() };
        Task<TrainingResult> training = Trainer.TrainAsync(tiny.Job(200), reports, Cancellation);
        await begun.Task.WaitAsync(Cancellation);

        int answers = 0;
        do
        {
            (await SayAsync(prompt)).ShouldBe(before);
            answers++;
        }
        while (!training.IsCompleted);

        answers.ShouldBeGreaterThan(0);
        (await training).Steps.Count.ShouldBe(200);
    }

    private AdapterTrainer Trainer => new(tiny.Model, _catalog);

    private static float[] Prompt(TrainingResult result) => result.Adapters[0].Packages[0].Tensors["prompt"].Data.ToArray();

    private async Task<string> SayAsync(IReadOnlyList<int> prompt)
    {
        List<int> ids = [];
        await foreach (GenerationUpdate update in tiny.Model.Engine.GenerateAsync(new GenerationRequest { Prompt = prompt, MaxTokens = 8 }, Cancellation))
        {
            ids.Add(update.Token?.Id ?? -1);
        }

        return string.Join(' ', ids);
    }
}
