using System.Text.Json.Nodes;
using SkPeft.Engine;
using SkPeft.Engine.Adapters;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Threading;
using SkPeft.Tensors.Training;
using SkPeft.Testing;
using SkPeft.Training.Forward;

namespace SkPeft.PeftPlugins.Tests.Conformance;

/// <summary>What every method that can be trained must do, whatever it computes. A new one is found by its sample and held to it.</summary>
public sealed class TrainingConformanceTests
{
    private static readonly int[] s_answer = [2, 7, 5];

    private const ulong DrawsKey = 12;

    public static TheoryData<string> NamesWithDropout =>
        [.. Names.Select(row => row.Data).Where(name => DropoutsOf(JsonNode.Parse(MethodSamples.Named(name).Config)!.AsObject()).Length > 0)];

    public static TheoryData<string> Names => [.. MethodSamples.Names.Select(row => row.Data).Where(name => MethodSamples.Named(name).Method() is ITrainablePeftMethod)];

    [Theory]
    [MemberData(nameof(Names))]
    public void BeginTraining_SameSeed_SameStart(string name)
    {
        PeftTraining training = Begin(name);

        training.Parameters.ShouldNotBeEmpty();
        training.Parameters.Select(p => p.Name).ShouldBeUnique();
        training.MatchedModules.ShouldNotBeEmpty();
        PeftTraining again = Begin(name);
        again.Parameters.Select(p => p.Name).ShouldBe(training.Parameters.Select(p => p.Name));
        foreach ((TrainingParameter one, TrainingParameter two) in training.Parameters.Zip(again.Parameters))
        {
            one.Value.Data.ToArray().ShouldAllBe(v => float.IsFinite(v), one.Name);
            two.Value.Data.ToArray().ShouldBe(one.Value.Data.ToArray(), one.Name);
        }
    }

    /// <summary>Only <c>peft_type</c> is certain to be in a configuration: the rest has defaults, or its absence is told.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void BeginTraining_WithTheTypeAlone_HasDefaultsOrSaysWhatIsMissing(string name)
    {
        MethodSample sample = MethodSamples.Named(name);
        TrainingRequest request = RequestOf(sample) with { Package = AdapterFolder.Make($$"""{ "peft_type": "{{sample.Package().PeftType}}" }""", new Dictionary<string, Tensor>()) };
        try
        {
            PeftTraining training = ((ITrainablePeftMethod)sample.Method()).BeginTraining(request);
            foreach (AdapterPackage exported in training.Export())
            {
                Load(sample, exported, 0).MatchedModules.ShouldNotBeEmpty();
            }
        }
        catch (AdapterOptionException e)
        {
            e.Problems.ShouldNotBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void BeginTraining_AStartThatNobodyKnows_IsNamed(string name)
    {
        MethodSample sample = MethodSamples.Named(name);
        TrainingRequest request = RequestOf(sample) with { Start = System.Text.Json.JsonSerializer.SerializeToElement(new { some_future_start = 7 }) };

        Should.Throw<AdapterOptionException>(() => ((ITrainablePeftMethod)sample.Method()).BeginTraining(request)).Message.ShouldContain("some_future_start");
    }

    /// <summary>The map from parameters to effects is one: what is exported serves what was trained, wherever training went.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Export_AfterSomeSteps_ServesWhatWasTrained(string name)
    {
        MethodSample sample = MethodSamples.Named(name);
        PeftTraining training = Begin(name);
        Disturb(training);

        IReadOnlyList<AdapterPackage> exported = training.Export();
        for (int task = 0; task < training.Tasks; task++)
        {
            PeftModule served = Load(sample, exported[exported.Count == 1 ? 0 : task], task);
            Tensor expected = MethodSample.Model.Logits(sample.Text, 3, training.BuildEffects(MethodSample.Model, task));
            Tensor found = MethodSample.Model.Logits(sample.Text, 3, served.BuildEffects(MethodSample.Model));
            for (int i = 0; i < expected.Length; i++)
            {
                found.Data[i].ShouldBe(expected.Data[i], 1e-3f, $"task {task}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_OfEveryParameter_AreThoseOfTheReference(string name) => CheckSlope(name, dropout: 0);

    /// <summary>With the masks of one step held fixed.</summary>
    [Theory]
    [MemberData(nameof(NamesWithDropout))]
    public void Gradients_OfAStepWithDropout_AreThoseOfTheReference(string name) => CheckSlope(name, dropout: 0.25f);

    // The slope along a random direction of all parameters together, by the training forward and by central differences of the plain reference.
    private static void CheckSlope(string name, float dropout)
    {
        MethodSample sample = MethodSamples.Named(name);
        PeftTraining training = Begin(name, dropout);
        using StepDraws draws = new(DrawsKey);
        Disturb(training);
        int task = training.Tasks - 1;
        int[] ids = [.. sample.Text, .. s_answer];
        using TemporaryFolder folder = new();
        HfModelFolder.Write(MethodSample.Model, folder.Root);
        using LanguageModel model = LanguageModel.Open(folder.Root, new LanguageModelOptions { Precision = Precision.Exact, Threads = 1 });
        using WorkerTeam team = new(1);
        using ComputeContext compute = new(team);
        using ComputeScope scope = new(compute);
        using TrainingForward forward = new(model, compute, new StepMemory());

        EffectIndex effects = EffectIndex.Sort(name, name, training.BuildEffects(new CachedBase(model.Base), task), model.Shape);
        Tensor loss = forward.TokenLosses([new TrainingSequence(effects, ids, sample.Text.Length, sample.Text.Length)]).Sum(0);
        Gradients gradients = Gradients.Of(loss);

        Random random = new(5);
        float[][] direction = [.. training.Parameters.Select(p => RandomTensors.Normal(random, 1, [.. p.Value.Shape]).Data.ToArray())];
        double slope = 0;
        for (int i = 0; i < direction.Length; i++)
        {
            TrainingParameter parameter = training.Parameters[i];
            Tensor? gradient = gradients[parameter.Value];
            if (gradient is null)
            {
                // A step may leave whole layers out.
                dropout.ShouldBeGreaterThan(0, parameter.Name);
                continue;
            }

            slope += gradient.Data.ToArray().Zip(direction[i], (g, d) => (double)g * d).Sum();
        }

        if (!sample.GradientIsSlope)
        {
            return;
        }

        const float Step = 5e-4f;
        double expected = (Objective(training, task, ids, direction, Step) - Objective(training, task, ids, direction, -Step)) / (2 * Step);
        slope.ShouldBe(expected, 2e-3 + (0.01 * Math.Abs(expected)));
    }

    private static PeftTraining Begin(string name, float dropout = 0) =>
        ((ITrainablePeftMethod)MethodSamples.Named(name).Method()).BeginTraining(RequestOf(MethodSamples.Named(name), dropout));

    private static string[] DropoutsOf(JsonObject config) => [.. config.Select(p => p.Key).Where(k => k.EndsWith("dropout", StringComparison.Ordinal))];

    private static TrainingRequest RequestOf(MethodSample sample, float dropout = 0)
    {
        JsonObject config = JsonNode.Parse(sample.Config)!.AsObject();
        foreach (string key in DropoutsOf(config))
        {
            config[key] = dropout;
        }

        return Requests.Of(MethodSample.Model, sample.Config) with { Package = sample.Package(config.ToJsonString(), sample.RandomTensors()) };
    }

    private static PeftModule Load(MethodSample sample, AdapterPackage package, int task) => sample.Method().Load(
        new AdapterPackage(package.Name, package.Config, package.Tensors) { Task = task }, MethodSample.Model.Shape);

    // Away from starts at which parts of a method do nothing.
    private static void Disturb(PeftTraining training)
    {
        Random random = new(9);
        foreach (TrainingParameter parameter in training.Parameters)
        {
            float[] noise = RandomTensors.Normal(random, 0.1, [.. parameter.Value.Shape]).Data.ToArray();
            for (int i = 0; i < noise.Length; i++)
            {
                parameter.Value.Data[i] += noise[i];
            }
        }
    }

    private static double Objective(PeftTraining training, int task, int[] ids, float[][] direction, float step)
    {
        float[][] before = [.. training.Parameters.Select(p => p.Value.Data.ToArray())];
        for (int p = 0; p < before.Length; p++)
        {
            Span<float> value = training.Parameters[p].Value.Data;
            for (int i = 0; i < value.Length; i++)
            {
                value[i] += step * direction[p][i];
            }
        }

        int prompt = ids.Length - s_answer.Length;
        Tensor logits = MethodSample.Model.Logits(ids, prompt, training.BuildEffects(MethodSample.Model, task));
        for (int p = 0; p < before.Length; p++)
        {
            before[p].CopyTo(training.Parameters[p].Value.Data);
        }

        return Enumerable.Range(prompt, s_answer.Length).Sum(t =>
        {
            double[] row = [.. logits.Row(t - 1).ToArray().Select(v => (double)v)];
            double most = row.Max();
            return most + Math.Log(row.Sum(v => Math.Exp(v - most))) - row[ids[t]];
        });
    }
}
