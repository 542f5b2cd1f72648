using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Conformance;

/// <summary>
/// One good adapter of a type, for <see cref="Model"/>. Each method has one in its own folder; the conformance tests find it there and
/// spoil it in every way that they know.
/// </summary>
public abstract class MethodSample
{
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 2, HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 12, VocabularySize = 16,
    };

    /// <summary>The base of all samples: every width is another number, so that none passes for another.</summary>
    public static ReferenceLlama Model { get; } = ReferenceLlama.Random(s_sizes, seed: 11);

    /// <summary>The text of <c>adapter_config.json</c>.</summary>
    public abstract string Config { get; }

    /// <summary>Names and shapes of the tensors.</summary>
    public abstract IEnumerable<(string Name, int[] Shape)> Tensors { get; }

    /// <summary>The text that it is tried on.</summary>
    public virtual int[] Text => [3, 1, 4, 1, 5];

    /// <summary>The task that is served, for a multitask method.</summary>
    public virtual int? Task => null;

    /// <summary>Whether the gradient that the method trains by is the slope of its loss; false where the paper holds a part constant, or steps are discrete.</summary>
    public virtual bool GradientIsSlope => true;

    /// <summary>The adapter with random values.</summary>
    public AdapterPackage Package() => Package(Config, RandomTensors());

    /// <summary>The adapter with another configuration or other tensors.</summary>
    public AdapterPackage Package(string config, IReadOnlyDictionary<string, Tensor> tensors) => AdapterFolder.Make(config, tensors, Task);

    /// <summary>The same tensors every time.</summary>
    public Dictionary<string, Tensor> RandomTensors()
    {
        Random random = new(7);
        return Tensors.ToDictionary(t => t.Name, t => SkPeft.Testing.RandomTensors.Normal(random, 0.5, t.Shape), StringComparer.Ordinal);
    }
}
