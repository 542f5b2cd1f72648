using SkPeft.Tensors.Effects;
using SkPeft.Tensors.Layers;

namespace SkPeft.Peft.LnTuning;

/// <summary>A full copy of every targeted module, norms as a rule.</summary>
/// <param name="options">What methods on single layers share.</param>
/// <param name="model">The base that copies start from; null where an adapter is loaded.</param>
internal sealed class LnTuningScheme(LayerOptions options, IBaseModel? model) : LayerScheme(options)
{
    private const string Weight = "ln_tuning_layers.weight";
    private const string Bias = "ln_tuning_layers.bias";

    /// <inheritdoc/>
    public override ModuleKind[] Kinds => [ModuleKind.Norm, ModuleKind.Linear, ModuleKind.Embedding];

    /// <summary>Reads the configuration, as HF PEFT 0.21 writes it.</summary>
    public static LnTuningScheme Read(AdapterConfigReader reader, IBaseModel? model) =>
        new(LayerOptions.ReadFor(["input_layernorm", "post_attention_layernorm", "norm"], reader, hasBias: false), model);

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        ModuleInfo module = layer.Module;
        int[] shape = module.Kind == ModuleKind.Norm ? [module.Outputs] : [module.Outputs, module.Inputs];

        // What is trained is the module itself: decay would draw gains to 0, where nothing passes.
        yield return new LayerTensor(Weight, shape) { Start = (_, _) => Copy(model!.Weight(module.Name)), Decays = false };
        if (module.HasBias)
        {
            yield return new LayerTensor(Bias, module.Outputs)
            {
                Start = (_, _) => Copy(model!.Bias(module.Name)!), TrainingName = "ln_tuning_layers.default.bias", Decays = false,
            };
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight) =>
        [SavedModuleEffects.Of(layer.Module, tensors[Weight], layer.Module.HasBias ? tensors[Bias] : null)];

    private static Tensor Copy(Tensor tensor) => Tensor.From(tensor.Data, tensor.Shape);
}
