using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.SelfTests;

/// <summary>A base for the self-tests of methods: every weight is zero unless it is given, there is no bias unless it is given.</summary>
public sealed class TinyBase : IBaseModel
{
    private readonly Dictionary<string, Tensor> _tensors;

    /// <summary>Creates a base of one block and hidden size 2.</summary>
    /// <param name="weights">Weights by module, for instance <c>model.layers.0.self_attn.q_proj</c> [2, 2]; biases under the name with <c>.bias</c>.</param>
    public TinyBase(params (string Module, Tensor Weight)[] weights)
        : this(
            new ModelSizes { Layers = 1, HiddenSize = 2, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 3, VocabularySize = 4 },
            weights)
    {
    }

    /// <summary>Creates a base of other sizes.</summary>
    /// <param name="sizes">The sizes.</param>
    /// <param name="weights">Weights by module; biases under the name with <c>.bias</c>.</param>
    public TinyBase(ModelSizes sizes, params (string Module, Tensor Weight)[] weights)
    {
        _tensors = weights.ToDictionary(w => w.Module, w => w.Weight, StringComparer.Ordinal);
        Shape = new ModelShape(sizes);
    }

    /// <inheritdoc/>
    public ModelShape Shape { get; }

    /// <inheritdoc/>
    public Tensor Weight(string module)
    {
        ModuleInfo info = Shape.Find(module) ?? throw new ArgumentException($"There is no module '{module}'.", nameof(module));
        return _tensors.GetValueOrDefault(module) ?? (info.Kind == ModuleKind.Norm ? new Tensor(info.Outputs) : new Tensor(info.Outputs, info.Inputs));
    }

    /// <inheritdoc/>
    public Tensor? Bias(string module) => _tensors.GetValueOrDefault(module + ".bias");

    /// <inheritdoc/>
    public Tensor Linear(LinearSite site, Tensor x)
    {
        Tensor product = x.MatMulTransposed(Weight(ModelShape.NameOf(site)));
        return Bias(ModelShape.NameOf(site)) is { } bias ? product.Add(bias) : product;
    }
}
