using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Layers;

/// <summary>
/// A hand-made adapter of a method that changes single layers, and its base with the same change worked into the weights by plain loops.
/// The base: two layers; q_proj [24, 8] and down_proj [8, 12], with biases.
/// </summary>
/// <param name="config">The configuration.</param>
internal sealed class LayerFile(string config)
{
    public const string Query = "self_attn.q_proj";
    public const string Down = "mlp.down_proj";

    private readonly Random _random = new(3);

    public static ReferenceLlama Base { get; } = ReferenceLlama.Random(
        new ModelSizes { Layers = 2, HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 12, VocabularySize = 16, AttentionBias = true, MlpBias = true }, 4);

    public Dictionary<string, Tensor> Tensors { get; } = [];

    public ReferenceLlama Merged { get; private set; } = Base;

    public AdapterPackage Package => AdapterFolder.Make(config, Tensors);

    /// <summary>The full names of both layers' modules.</summary>
    public static IEnumerable<string> Modules(params string[] kinds) => kinds.SelectMany(k => (IEnumerable<string>)[$"model.layers.0.{k}", $"model.layers.1.{k}"]);

    /// <summary>Adds a random tensor of a module.</summary>
    public Tensor Add(string module, string name, params int[] shape) => AddShared($"base_model.model.{module}.{name}", shape);

    /// <summary>Adds a random tensor under its name in the file.</summary>
    public Tensor AddShared(string name, params int[] shape) => Tensors[name] = RandomTensors.Normal(_random, 0.5, shape);

    /// <summary>Replaces a weight W in the merged base. Arguments: W, row, column; gives the new element.</summary>
    public void Change(string module, Func<Tensor, int, int, double> element)
    {
        Tensor weight = Base.Weight(module);
        Tensor changed = new(weight.Shape);
        for (int row = 0; row < weight[0]; row++)
        {
            for (int column = 0; column < weight[1]; column++)
            {
                changed.Row(row)[column] = (float)element(weight, row, column);
            }
        }

        Merged = Merged.With(module + ".weight", changed);
    }

    /// <summary>Replaces W by W + ΔW.</summary>
    public void Add(string module, double[,] delta) => Change(module, (w, row, column) => w.Row(row)[column] + delta[row, column]);

    /// <summary>Replaces W by W M: what the layer is if the row M takes the input x to x Mᵀ.</summary>
    public void MultiplyRight(string module, double[,] m) => Change(module, (w, row, column) =>
        Enumerable.Range(0, w[1]).Sum(i => w.Row(row)[i] * m[i, column]));

    /// <summary>Replaces the bias in the merged base.</summary>
    public void ChangeBias(string module, Func<Tensor, int, double> element)
    {
        Tensor bias = Base.Bias(module)!;
        Merged = Merged.With(module + ".bias", Tensor.From([.. Enumerable.Range(0, bias.Length).Select(i => (float)element(bias, i))], bias.Length));
    }

    /// <summary>Requires that the method gives the merged base's logits, on the reference and on the engine.</summary>
    public Task ShouldBeServedBy(IPeftMethod method) => method.ShouldServe(Package, Base, Merged);
}
