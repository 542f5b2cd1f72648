using System.Text.Json;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Training;

/// <summary>Training runs on the plain reference, enough for everything that a method does when a run begins and ends.</summary>
internal static class Requests
{
    /// <summary>A run on a small base.</summary>
    /// <param name="model">The base.</param>
    /// <param name="config">The text of the configuration.</param>
    /// <param name="start">The text of the options' <c>start</c>, or null for none.</param>
    /// <param name="tasks">Tasks of the data.</param>
    /// <param name="seed">The run's seed.</param>
    public static TrainingRequest Of(ReferenceLlama model, string config, string? start = null, int tasks = 1, int seed = 3) =>
        Of(model, AdapterFolder.Make(config, new Dictionary<string, Tensor>()), start, tasks, seed);

    /// <inheritdoc cref="Of(ReferenceLlama, string, string?, int, int)"/>
    public static TrainingRequest Of(ReferenceLlama model, AdapterPackage package, string? start = null, int tasks = 1, int seed = 3) => new()
    {
        Package = package,
        Model = model,
        Probe = new ReferenceProbe(model),
        Random = new Random(seed),
        Start = start is null ? default : JsonSerializer.Deserialize<JsonElement>(start),
        Tasks = tasks,
    };

    /// <summary>The value of a parameter, by its name in training states.</summary>
    public static Tensor Value(this PeftTraining training, string name) => training.Parameters.Single(p => p.Name == name).Value.Detach();

    /// <summary>The elements of a parameter.</summary>
    public static float[] Elements(this TrainingParameter parameter) => parameter.Value.Data.ToArray();

    /// <summary>E1 of the methods' reference: logits before the first step are the frozen base's.</summary>
    public static void ShouldStartAsTheBase(this PeftTraining training, ReferenceLlama model)
    {
        int[] text = Runners.Ids(3, 7, model.Shape.Sizes);
        model.Logits(text, 4, training.BuildEffects(model, 0)).ShouldBeLogits(model.Logits(text, 4, []));
    }

    /// <summary>Puts other values into every parameter, as steps of training would.</summary>
    public static void Move(this PeftTraining training, int seed = 5, double deviation = 0.2)
    {
        Random random = new(seed);
        foreach (TrainingParameter parameter in training.Parameters)
        {
            Tensor step = RandomTensors.Normal(random, deviation, parameter.Value.Shape.ToArray());
            for (int i = 0; i < step.Length; i++)
            {
                parameter.Value.Data[i] += step.Data[i];
            }
        }
    }

    /// <summary>What is saved must be the function that was trained: the same logits, and not the base's.</summary>
    public static void ShouldSaveWhatItTrained(this PeftTraining training, ITrainablePeftMethod method, ReferenceLlama model)
    {
        training.Move();
        int[] text = Runners.Ids(3, 7, model.Shape.Sizes);
        Tensor trained = model.Logits(text, 4, training.BuildEffects(model, 0));
        trained.ShouldNotBeLogits(model.Logits(text, 4, []));
        model.Logits(text, 4, method.Load(training.Export()[0], model.Shape).BuildEffects(model)).ShouldBeLogits(trained);
    }
}
