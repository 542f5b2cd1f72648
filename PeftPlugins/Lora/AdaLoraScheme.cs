using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>AdaLoRA's tensors of a layer and their map to effects: y += s·B (A ⊙ E) x, LoRA with a learned singular value for each row of A.</summary>
/// <param name="family">What the family shares.</param>
/// <param name="config">What is AdaLoRA's own.</param>
/// <param name="model">The base that a run starts from; null where an adapter is loaded.</param>
internal sealed class AdaLoraScheme(LoraFamilyOptions family, AdaLoraConfig config, IBaseModel? model) : LayerScheme(family.Layers)
{
    private const string A = "lora_A";
    private const string B = "lora_B";
    private const string E = "lora_E";

    /// <inheritdoc/>
    public override bool SavesEnds => base.SavesEnds && !family.Tokens.Any;

    /// <inheritdoc/>
    public override IEnumerable<string> SharedModules => family.Tokens.Modules.Select(m => m.Name);

    /// <summary>Reads the configuration.</summary>
    /// <param name="reader">The configuration.</param>
    /// <param name="shape">The base.</param>
    /// <param name="model">The base that a run starts from; null where an adapter is loaded.</param>
    public static AdaLoraScheme Read(AdapterConfigReader reader, ModelShape shape, IBaseModel? model = null)
    {
        AdaLoraConfig config = AdaLoraConfig.Read(reader);
        return new AdaLoraScheme(LoraFamilyOptions.Read(reader, shape), config, model);
    }

    /// <summary>Refuses a pattern that names what is not targeted, or that leaves nothing.</summary>
    /// <exception cref="AdapterOptionException">It does.</exception>
    public void CheckPattern(ModuleNames names, ModelShape shape)
    {
        string[] targeted = [.. Options.Targets.Match(shape, names, Kinds).Select(m => names.Seen(m.Name)!)];
        if (config.Ranks.Keys.Except(targeted).Order(StringComparer.Ordinal).FirstOrDefault() is { } unused)
        {
            throw Options.Problem($"rank_pattern names {unused}, which is not targeted");
        }

        if (targeted.Sum(config.RankOf) == 0)
        {
            throw Options.Problem("rank_pattern keeps no row of any module, so nothing is left of the adapter");
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<SharedTensor> SharedBy(IReadOnlyList<TargetLayer> layers) => family.Tokens.Tensors(m => model!.Weight(m.Name));

    /// <inheritdoc/>
    public override IEnumerable<Effect> SharedEffects(TensorsByName shared, IBaseModel model) => family.Tokens.Effects(shared, model);

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        family.Check(layer);
        int rank = config.RankOf(layer.Seen);
        Func<Random, int[], Tensor> direction = Starts.Normal(0, config.StartsAtBase ? 0.02f : 1);
        return
        [
            new LayerTensor(A, rank, layer.Inputs) { Start = direction },
            new LayerTensor(B, layer.Outputs, rank) { Start = direction },
            new LayerTensor(E, rank, 1) { Start = config.StartsAtBase ? Starts.Zero : direction },
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight) => tensors[A][0] == 0
        ? []
        : [new LowRankEffect(layer.Site, tensors[A].Multiply(tensors[E]), tensors[B], config.ScaleOf(tensors[A][0])) { Dropout = family.DropoutOf(layer) }];
}
