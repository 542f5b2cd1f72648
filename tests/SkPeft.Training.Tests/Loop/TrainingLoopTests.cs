using SkPeft.Tensors.Ops;
using SkPeft.Testing;
using SkPeft.Training.Loop;
using SkPeft.Training.Optimisation;

namespace SkPeft.Training.Tests.Loop;

public sealed class TrainingLoopTests : IDisposable
{
    private static readonly LoopSettings s_settings = new() { Steps = 12, Batch = 4, Order = LineOrder.Shuffle, Seed = 3, EvaluateEvery = 3, CheckpointEvery = 1 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_loss_falls_and_the_same_seed_gives_the_same_bits()
    {
        FakeRun first = new(s_settings), second = new(s_settings), other = new(s_settings with { Seed = 4 });

        double[] losses = [.. first.Run().Steps.Select(s => s.Loss)];

        losses[^1].ShouldBeLessThan(losses[0]);
        second.Run().Steps.Select(s => s.Loss).ShouldBe(losses);
        second.Numbers.ShouldBe(first.Numbers);
        other.Run().Steps.Select(s => s.Loss).ShouldNotBe(losses);
    }

    [Fact]
    public void A_step_in_parts_gives_the_same_run_but_for_rounding()
    {
        FakeRun whole = new(s_settings), parts = new(s_settings with { MicroBatch = 3 });

        double[] losses = [.. whole.Run().Steps.Select(s => s.Loss)];

        parts.Run().Steps.Select(s => s.Loss).Zip(losses).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-4);
        parts.Forward.Calls.Count.ShouldBeGreaterThan(whole.Forward.Calls.Count);
    }

    [Fact]
    public void A_batch_larger_than_the_file_uses_lines_twice()
    {
        RunHistory history = new FakeRun(s_settings with { Batch = 50, Steps = 2, Order = LineOrder.File, EvaluateEvery = null }).Run();

        history.Steps.Count.ShouldBe(2);
        history.Steps[1].Loss.ShouldBeLessThan(history.Steps[0].Loss);
    }

    [Fact]
    public void Several_adapters_see_the_same_batches_in_one_call_and_learn_as_they_would_alone()
    {
        FakeRun both = new(s_settings with { EvaluateEvery = null }, learners: 2), alone = new(s_settings with { EvaluateEvery = null });

        RunHistory history = both.Run();

        both.Forward.Calls.Count.ShouldBe(12);
        history.Steps.Select(s => s.Loss).ShouldBe(alone.Run().Steps.Select(s => s.Loss));
        history.Steps.ShouldAllBe(s => s.Others.Count == 1 && s.Others[0] != s.Loss);
        both.Trainings[0].First.Value.Data.ToArray().ShouldBe(alone.Trainings[0].First.Value.Data.ToArray());
    }

    [Fact]
    public void Dropout_is_of_steps_and_not_of_evaluations()
    {
        LearningSettings still = new() { Rate = 0 };
        RunHistory plain = new FakeRun(s_settings, still).Run(), dropped = new FakeRun(s_settings, still, dropout: 0.3f).Run();

        dropped.Evaluations.Select(e => e[0].MeanLoss).ShouldBe(plain.Evaluations.Select(e => e[0].MeanLoss));
        dropped.Steps.Select(s => s.Loss).ShouldNotBe(plain.Steps.Select(s => s.Loss));
    }

    [Fact]
    public void What_a_step_drops_depends_on_seed_and_step_and_not_on_parts_or_company()
    {
        LoopSettings settings = s_settings with { EvaluateEvery = null, Order = LineOrder.File };
        double[] losses = Losses(new FakeRun(settings, dropout: 0.3f));

        Losses(new FakeRun(settings, dropout: 0.3f)).ShouldBe(losses);
        Losses(new FakeRun(settings, learners: 2, dropout: 0.3f)).ShouldBe(losses);
        Losses(new FakeRun(settings with { MicroBatch = 3 }, dropout: 0.3f)).Zip(losses).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-4);
        Losses(new FakeRun(settings with { Seed = 4 }, dropout: 0.3f)).ShouldNotBe(losses);
        Losses(new FakeRun(settings)).ShouldNotBe(losses);

        static double[] Losses(FakeRun run) => [.. run.Run().Steps.Select(s => s.Loss)];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2f)]
    public void A_run_that_is_interrupted_behind_every_step_gives_the_curve_and_the_parameters_of_one_that_is_not(float dropout)
    {
        LearningSettings learning = new() { Rate = 0.05, Schedule = RateShape.Cosine, Warmup = 2, WeightDecay = 0.1, Clip = 0.5, Groups = new Dictionary<string, GroupSettings> { ["other"] = new() { Mode = GroupMode.Bilevel } } };
        LoopSettings settings = s_settings with { Patience = 100, KeepBest = true };
        FakeRun straight = new(settings, learning, 2, dropout: dropout);
        RunHistory expected = straight.Run();
        string checkpoint = _folder.PathOf("checkpoint.safetensors");

        RunHistory? history = null;
        FakeRun? last = null;
        for (int i = 0; history is null; i++)
        {
            using CancellationTokenSource stop = new();
            last = new FakeRun(settings, learning, 2, checkpoint, onStep: _ => stop.Cancel(), dropout: dropout);
            try
            {
                history = last.Loop.Run(true, stop.Token);
            }
            catch (OperationCanceledException)
            {
                i.ShouldBeLessThan(100);
            }
        }

        history.Steps.Select(s => (s.Step, s.Loss, s.Rate, s.Tokens, s.Others[0])).ShouldBe(expected.Steps.Select(s => (s.Step, s.Loss, s.Rate, s.Tokens, s.Others[0])));
        history.Evaluations.SelectMany(e => e).ShouldBe(expected.Evaluations.SelectMany(e => e));
        last!.Numbers.ShouldBe(straight.Numbers);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused_with_what_differs()
    {
        string checkpoint = _folder.PathOf("checkpoint.safetensors");
        new FakeRun(s_settings, checkpoint: checkpoint).Run();

        TrainingException error = Should.Throw<TrainingException>(() => new FakeRun(s_settings with { Seed = 8 }, checkpoint: checkpoint).Run(resume: true));

        error.Message.ShouldContain("seed is 8, in the checkpoint 3");
    }

    [Fact]
    public void Without_a_checkpoint_a_resumed_run_begins_at_the_beginning() =>
        new FakeRun(s_settings, checkpoint: _folder.PathOf("checkpoint.safetensors")).Run(resume: true).Steps.Count.ShouldBe(12);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_loss_that_is_not_finite_stops_the_run_with_step_parameter_and_last_good_checkpoint(float broken)
    {
        string checkpoint = _folder.PathOf("checkpoint.safetensors");
        LoopSettings settings = s_settings with { EvaluateEvery = null, CheckpointEvery = 2 };
        FakeRun run = new(settings, checkpoint: checkpoint, forward: new FakeForward { Change = (call, loss) => call == 5 ? broken : loss });

        TrainingDivergedException error = Should.Throw<TrainingDivergedException>(() => run.Run());

        error.Step.ShouldBe(5);
        error.Checkpoint.ShouldBe(checkpoint);
        error.Message.ShouldContain("after 4 steps");
        new FakeRun(settings, checkpoint: checkpoint).Run(resume: true).Steps.Count.ShouldBe(12);
    }

    [Fact]
    public void A_parameter_that_overflows_is_named()
    {
        FakeRun run = new(s_settings with { EvaluateEvery = null }, new LearningSettings { Rate = 1e38, Optimiser = new OptimiserSettings { Kind = OptimiserKind.Sgd } });

        TrainingDivergedException error = Should.Throw<TrainingDivergedException>(() => run.Run());

        error.Message.ShouldContain("the parameter '");
        error.Message.ShouldContain("No checkpoint was written yet");
    }

    [Fact]
    public void The_run_stops_when_evaluations_bring_no_improvement_and_keeps_the_best_parameters()
    {
        // A rate so large that the loss rises after a while.
        LearningSettings wild = new() { Rate = 1.5, Optimiser = new OptimiserSettings { Kind = OptimiserKind.Sgd, Momentum = 0.9 } };
        FakeRun run = new(s_settings with { Steps = 60, EvaluateEvery = 1, Patience = 3 }, wild);

        RunHistory history = run.Run();

        history.SinceBest.ShouldBe(3);
        history.Steps.Count.ShouldBe(history.Evaluations[^1][0].Step);
        history.Steps.Count.ShouldBeLessThan(60);
        FakeRun again = new(s_settings with { Steps = history.Evaluations[history.Best][0].Step, EvaluateEvery = 1 }, wild);
        again.Run();
        run.Numbers.ShouldBe(again.Numbers);
    }

    [Fact]
    public void A_bilevel_group_learns_from_a_split_of_its_own_and_the_others_do_not()
    {
        LearningSettings bilevel = new() { Rate = 0.05, Groups = new Dictionary<string, GroupSettings> { ["other"] = new() { Mode = GroupMode.Bilevel, Rate = 0.2 } } };
        FakeRun run = new(s_settings with { Steps = 1, EvaluateEvery = null }, bilevel);
        float[] before = run.Trainings[0].Second.Value.Data.ToArray();

        run.Run();

        run.Forward.Calls.Count.ShouldBe(2);
        HashSet<int> touched = [.. run.Forward.Calls[1].SelectMany(s => s.Ids.ToArray().Skip(s.LossFrom - 1).SkipLast(1)).Select(i => i % before.Length)];
        for (int i = 0; i < before.Length; i++)
        {
            (run.Trainings[0].Second.Value.Data[i] != before[i]).ShouldBe(touched.Contains(i), $"element {i}");
        }
    }

    [Fact]
    public void Groups_have_rates_of_their_own_and_frozen_ones_stay()
    {
        LearningSettings learning = new() { Rate = 0.05, Groups = new Dictionary<string, GroupSettings> { ["other"] = new() { Mode = GroupMode.Frozen } } };
        FakeRun frozen = new(s_settings, learning);
        float[] before = frozen.Trainings[0].Second.Value.Data.ToArray();

        frozen.Run();

        frozen.Trainings[0].Second.Value.Data.ToArray().ShouldBe(before);
        frozen.Trainings[0].First.Value.Data.ToArray().ShouldNotBe(new FakeTraining(0).First.Value.Data.ToArray());

        // AdamW's first step is the rate itself, whatever the gradient.
        FakeRun factor = new(s_settings with { Steps = 1, EvaluateEvery = null }, new LearningSettings { Rate = 0.05, Groups = new Dictionary<string, GroupSettings> { ["other"] = new() { Factor = 3 } } });
        FakeTraining start = new(0);
        factor.Run();
        Moved(factor.Trainings[0].First, start.First).ShouldBe(0.05, 1e-4);
        Moved(factor.Trainings[0].Second, start.Second).ShouldBe(0.15, 1e-4);
    }

    [Fact]
    public void Groups_that_do_not_exist_and_runs_that_train_nothing_are_refused()
    {
        Should.Throw<TrainingException>(() => new FakeRun(s_settings, new LearningSettings { Groups = new Dictionary<string, GroupSettings> { ["none"] = new() } })).Message
            .ShouldContain("There are default, other");
        GroupSettings frozen = new() { Mode = GroupMode.Frozen };
        Should.Throw<TrainingException>(() => new FakeRun(s_settings, new LearningSettings { Groups = new Dictionary<string, GroupSettings> { ["default"] = frozen, ["other"] = frozen } })).Message
            .ShouldContain("nothing to train");
    }

    [Fact]
    public void A_penalty_pulls_and_is_not_part_of_the_loss()
    {
        FakeRun? run = null;
        run = new FakeRun(s_settings with { Steps = 1, EvaluateEvery = null }, new LearningSettings { Rate = 0.05, Optimiser = new OptimiserSettings { Kind = OptimiserKind.Sgd } },
            penalty: () => run!.Trainings[0].First.Value.Sum(0).Scale(100));
        FakeRun plain = new(s_settings with { Steps = 1, EvaluateEvery = null }, new LearningSettings { Rate = 0.05, Optimiser = new OptimiserSettings { Kind = OptimiserKind.Sgd } });

        run.Run().Steps[0].Loss.ShouldBe(plain.Run().Steps[0].Loss);

        for (int i = 0; i < plain.Trainings[0].First.Value.Length; i++)
        {
            run.Trainings[0].First.Value.Data[i].ShouldBe(plain.Trainings[0].First.Value.Data[i] - 5, 1e-4);
        }
    }

    private static double Moved(TrainingParameter now, TrainingParameter start) =>
        Enumerable.Range(0, now.Value.Length).Max(i => Math.Abs(now.Value.Data[i] - start.Value.Data[i]));
}
