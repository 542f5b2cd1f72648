using System.Text.Json;

namespace SkPeft.Training.Tests.Jobs;

/// <summary><c>run.jsonl</c>: what a page can follow while a run goes on.</summary>
public sealed class RunRecordTests(TinyJobs tiny) : IClassFixture<TinyJobs>
{
    [Fact]
    public async Task A_record_has_the_run_its_steps_and_evaluations_in_order_and_its_end()
    {
        string folder = tiny.New("out");
        TrainingJob job = tiny.Job(4, folder: folder);

        TrainingResult result = await Trainer.TrainAsync(job with { Loop = job.Loop with { EvaluateEvery = 2 } }, cancellationToken: Cancellation);

        string[] lines = File.ReadAllLines(Path.Combine(folder, "run.jsonl"));
        string model = Path.GetFileName(tiny.Model.Path);
        lines[0].ShouldBe($$$"""{"run":{"method":"{{{TinyMethod.PeftType}}}","model":"{{{model}}}","steps":4,"parameters":128,"lines":24}}""");
        lines[1..^1].Select(Kind).ShouldBe(["step 0", "step 1", "evaluation 2", "step 2", "step 3", "evaluation 4"]);
        lines[^1].ShouldBe("""{"end":{"steps":4,"stopped_early":false}}""");
        JsonElement step = JsonElement.Parse(lines[1]), evaluation = JsonElement.Parse(lines[^2]).GetProperty("evaluation");
        (step.GetProperty("loss").GetDouble(), step.GetProperty("lr").GetDouble(), step.GetProperty("tokens").GetInt32()).ShouldBe((result.Steps[0].Loss, result.Steps[0].Rate, result.Steps[0].Tokens));
        (evaluation.GetProperty("loss").GetDouble(), evaluation.GetProperty("accuracy").GetDouble()).ShouldBe((result.Evaluations[^1].MeanLoss, result.Evaluations[^1].Accuracy!.Value));
    }

    [Fact]
    public async Task A_run_that_was_interrupted_leaves_the_record_of_one_that_was_not()
    {
        string straight = tiny.New("out"), interrupted = tiny.New("out"), beside = tiny.New("out");
        await Trainer.TrainAsync(Job(straight, tiny.New("out")), cancellationToken: Cancellation);
        using CancellationTokenSource stop = new();
        Reports reports = new() { Then = r => { if (r.Step?.Step == 5) { stop.Cancel(); } } };
        await Should.ThrowAsync<OperationCanceledException>(() => Trainer.TrainAsync(Job(interrupted, beside), reports, stop.Token));
        File.ReadAllLines(Path.Combine(interrupted, "run.jsonl")).ShouldNotContain(l => l.StartsWith("{\"end\""));

        await Trainer.TrainAsync(Job(interrupted, beside) with { Resume = true }, cancellationToken: Cancellation);

        File.ReadAllText(Path.Combine(interrupted, "run.jsonl")).ShouldBe(File.ReadAllText(Path.Combine(straight, "run.jsonl")));
        string other = File.ReadAllText(Path.Combine(beside, "run.jsonl"));
        other.Split('\n').Length.ShouldBe(File.ReadAllText(Path.Combine(straight, "run.jsonl")).Split('\n').Length);
        other.ShouldNotBe(File.ReadAllText(Path.Combine(straight, "run.jsonl")));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AdapterTrainer Trainer => new(tiny.Model, new TinyCatalog());

    private TrainingJob Job(string folder, string beside)
    {
        TrainingJob job = tiny.Job(9, folder: folder);
        return job with
        {
            Adapters = [job.Adapters[0], TinyJobs.Plan("second", 0.01, beside)], Loop = job.Loop with { EvaluateEvery = 3 },
            // The same lines in both runs: a checkpoint is bound to them.
            Data = _data ??= job.Data, Evaluation = _evaluation ??= job.Evaluation,
        };
    }

    private TrainingData? _data, _evaluation;

    private static string Kind(string line)
    {
        JsonElement element = JsonElement.Parse(line);
        return $"{(element.TryGetProperty("evaluation", out _) ? "evaluation" : "step")} {element.GetProperty("step").GetInt32()}";
    }
}
