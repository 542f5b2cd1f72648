using System.Text.Json;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Training;

/// <summary>Training runs on the plain reference, without a tokenizer: enough for everything that a method does when a run begins and ends.</summary>
internal static class Requests
{
    public static TrainingRequest Of(ReferenceLlama model, string config, string start = "{}", int seed = 1) =>
        Of(model, AdapterFolder.Make(config, new Dictionary<string, Tensor>()), start, seed);

    public static TrainingRequest Of(ReferenceLlama model, AdapterPackage package, string start = "{}", int seed = 1)
    {
        using JsonDocument options = JsonDocument.Parse(start);
        return new TrainingRequest
        {
            Package = package,
            Model = model,
            Probe = new NoProbe(),
            Random = new Random(seed),
            Start = options.RootElement.Clone(),
        };
    }

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

    private sealed class NoProbe : IModelProbe
    {
        public IReadOnlyList<int> Tokenize(string text) => throw new NotSupportedException("This run has no tokenizer.");

        public Tensor Embeddings(IReadOnlyList<int> ids) => throw new NotSupportedException("This run asks for no embeddings.");

        public IReadOnlyList<Tensor> HiddenStates(IReadOnlyList<int> ids) => throw new NotSupportedException("This run asks for no hidden states.");

        public IReadOnlyList<(Tensor Keys, Tensor Values)> KeysAndValues(IReadOnlyList<int> ids) => throw new NotSupportedException("This run asks for no keys.");
    }
}
