using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;
using SkPeft.Testing;
using SkPeft.Training.Data;
using SkPeft.Training.Forward;
using SkPeft.Training.Loop;
using SkPeft.Training.Objectives;
using SkPeft.Training.Tests.Forward;

namespace SkPeft.Training.Tests.Jobs;

/// <summary>What is told from one passage against what the largest batch takes, for any set of effects.</summary>
public sealed class MemorySampleTests
{
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 4, HiddenSize = 32, Heads = 4, KeyValueHeads = 2, HeadDim = 8, IntermediateSize = 64, VocabularySize = 300,
    };

    public static TheoryData<int, bool> Cases
    {
        get
        {
            TheoryData<int, bool> cases = [];
            for (int seed = 0; seed < 12; seed++)
            {
                cases.Add(seed, seed % 4 == 3);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BytesOf_TheLargestPart_AreAtLeastWhatItTakes_AndNotTwiceAsMuch(int seed, bool recompute)
    {
        Random random = new(seed);
        using ForwardRun run = new(ReferenceLlama.Random(s_sizes, seed));
        TrainableEffects effects = TrainableEffects.Any(random, run.Model.Shape, 6);
        EffectIndex index = EffectIndex.Sort("test", "test", effects.Build(), run.Model.Shape);
        Example[] examples = [.. Enumerable.Range(1, 30).Select(line => Line(random, line))];
        LoopSettings settings = new() { Steps = 5, Batch = 6, MicroBatch = 6, Order = LineOrder.File };
        BatchPlan plan = new([.. examples.Select(e => e.LongestPassage)], settings, seed);
        TokenObjective objective = TokenObjective.Of(settings.Losses, settings.Aggregation);
        PartSizes part = new([index], objective, new RunSplits(examples, plan, [], null, []), settings);
        using WorkerTeam team = new(1);
        using ComputeContext compute = new(team);
        using ComputeScope scope = new(compute);

        long told = MemorySample.Take(run.Model, compute, recompute, [index], objective, part).BytesOf(part);

        long most = 0;
        for (int step = 0; step < plan.Steps; step++)
        {
            StepMemory activations = new(smallest: 1), gradients = new(smallest: 1);
            using TrainingForward forward = new(run.Model, compute, activations, recompute);
            Passage[] passages = [.. plan.At(step).SelectMany(i => examples[i].Passages)];
            Tensor losses = forward.TokenLosses([.. passages.Select(p => new TrainingSequence(index, p.Ids, p.PromptLength, p.LossFrom))]);
            Gradients.Of(losses, ForwardRun.Weights(losses.Length), gradients);
            most = Math.Max(most, activations.PeakBytes + gradients.PeakBytes);
        }

        told.ShouldBeGreaterThanOrEqualTo(most);
        told.ShouldBeLessThan(2 * most);
    }

    private static Example Line(Random random, int line)
    {
        int[] ids = [.. Enumerable.Range(0, random.Next(30, 120)).Select(_ => random.Next(300))];
        return new Example { Line = line, Passages = [new Passage(ids, ids.Length - 4, ids.Length - 4)] };
    }
}
