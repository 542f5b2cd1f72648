namespace SkPeft.Tensors.Layers;

/// <summary>
/// A method that changes single layers: the tensors of a layer and their map to effects. What all such methods share (targets, copies,
/// biases, names, the start of training) is done by <see cref="LayerMethods"/>.
/// </summary>
/// <param name="options">The options that all of them have.</param>
/// <remarks>Immutable; made of one configuration.</remarks>
public abstract class LayerScheme(LayerOptions options)
{
    /// <summary>The options that all such methods have.</summary>
    public LayerOptions Options { get; } = options;

    /// <summary>The kinds of modules that the method can adapt.</summary>
    public virtual ModuleKind[] Kinds => [ModuleKind.Linear];

    /// <summary>Lists the tensors of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <exception cref="AdapterOptionException">The configuration does not fit the layer.</exception>
    public abstract IEnumerable<LayerTensor> TensorsOf(TargetLayer layer);

    /// <summary>Lists the tensors that all layers share.</summary>
    /// <param name="layers">The layers, in the model's order.</param>
    public virtual IEnumerable<SharedTensor> SharedBy(IReadOnlyList<TargetLayer> layers) => [];

    /// <summary>Whether embedding and head, where they are targeted, lie untouched in the file, as HF PEFT saves them for company.</summary>
    public virtual bool SavesEnds => Options.Targets.NamesEnds;

    /// <summary>The modules that <see cref="SharedEffects"/> touch.</summary>
    public virtual IEnumerable<string> SharedModules => [];

    /// <summary>Maps shared tensors to effects that belong to no layer; none for most methods.</summary>
    /// <param name="shared">The shared tensors, by their name in the file.</param>
    /// <param name="model">The frozen base.</param>
    public virtual IEnumerable<Effect> SharedEffects(TensorsByName shared, IBaseModel model) => [];

    /// <summary>Maps a layer's tensors to effects; written with <c>TensorOps</c>, so that gradients flow back.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="weight">Gives the layer's frozen weight, [out, in], for methods that need it.</param>
    public abstract IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight);
}
