using SkPeft.Tensors.Layers;

namespace SkPeft.Peft.Lora;

/// <summary>LoRA's tensors of a layer and their map to effects.</summary>
/// <param name="family">What the family shares.</param>
/// <param name="config">What is LoRA's own.</param>
/// <param name="start">How a run starts.</param>
internal sealed class LoraScheme(LoraFamilyOptions family, LoraConfig config, LoraStart start) : LayerScheme(family.Layers)
{
    private const string A = "lora_A.weight";
    private const string B = "lora_B.weight";
    private const string BiasOfB = "lora_B.bias";
    private const string Magnitude = "lora_magnitude_vector";
    private const string EmbeddingA = "lora_embedding_A";
    private const string EmbeddingB = "lora_embedding_B";

    /// <inheritdoc/>
    public override ModuleKind[] Kinds => [ModuleKind.Linear, ModuleKind.Embedding];

    /// <inheritdoc/>
    public override bool SavesEnds => base.SavesEnds && !family.Tokens.Any;

    /// <inheritdoc/>
    public override IEnumerable<string> SharedModules => family.Tokens.Modules.Select(m => m.Name);

    /// <summary>Reads the configuration.</summary>
    /// <param name="reader">The configuration.</param>
    /// <param name="shape">The base.</param>
    /// <param name="start">How a run starts.</param>
    public static LoraScheme Read(AdapterConfigReader reader, ModelShape shape, LoraStart start)
    {
        LoraConfig config = LoraConfig.Read(reader);
        return new LoraScheme(LoraFamilyOptions.Read(reader, shape), config, start);
    }

    /// <inheritdoc/>
    public override IEnumerable<SharedTensor> SharedBy(IReadOnlyList<TargetLayer> layers) => family.Tokens.Tensors(start.WeightOf);

    /// <inheritdoc/>
    public override IEnumerable<Effect> SharedEffects(TensorsByName shared, IBaseModel model) => family.Tokens.Effects(shared, model);

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        family.Check(layer);
        LayerFactors factors = new(start, layer, config.Ranks.WholeOf(layer.Seen), config.ScaleOf(layer.Seen));
        return layer.Module.Kind == ModuleKind.Embedding ? OfEmbedding(layer, factors) : OfLinear(layer, factors);
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        float scale = config.ScaleOf(layer.Seen);
        if (layer.Module.Kind == ModuleKind.Embedding)
        {
            return LoraOnEmbedding.Effects(tensors[EmbeddingA], tensors[EmbeddingB], scale, config.Dora ? tensors[Magnitude] : null, weight);
        }

        LoraOnLinear parts = new(layer.Site, tensors[A], tensors[B], scale)
        {
            Bias = config.BiasOnB ? tensors[BiasOfB] : null,
            Magnitude = config.Dora ? tensors[Magnitude] : null,
            Origin = start.OriginOf(layer.Module),
            Dropout = family.DropoutOf(layer),
        };
        return parts.Effects(weight);
    }

    private IEnumerable<LayerTensor> OfLinear(TargetLayer layer, LayerFactors factors)
    {
        if (start.ProblemWith(layer, factors.Rank) is { } problem)
        {
            throw Options.Problem(problem);
        }

        yield return new LayerTensor(A, factors.Rank, layer.Inputs) { Start = (random, _) => factors.A(random) };
        yield return new LayerTensor(B, layer.Outputs, factors.Rank) { Start = (random, _) => factors.B(random), Group = LoraStart.GroupOfB, RateFactor = start.RatioOfB };
        if (config.BiasOnB)
        {
            yield return Vector(BiasOfB, "lora_B.default.bias", layer.Outputs, Starts.Zero);
        }

        if (config.Dora)
        {
            yield return Vector(Magnitude, Magnitude + ".default.weight", layer.Outputs, (random, _) => factors.RowLengths(random));
        }
    }

    private IEnumerable<LayerTensor> OfEmbedding(TargetLayer layer, LayerFactors factors)
    {
        if (config.BiasOnB)
        {
            throw Options.Problem($"lora_bias is true and {layer.Module.Name} is targeted; embeddings have no bias on B");
        }

        yield return new LayerTensor(EmbeddingA, factors.Rank, layer.Outputs) { Start = (random, _) => factors.A(random), Group = LoraStart.GroupOfEmbedding };
        yield return new LayerTensor(EmbeddingB, layer.Inputs, factors.Rank) { Start = (random, _) => factors.B(random), Group = LoraStart.GroupOfEmbedding };
        if (config.Dora)
        {
            yield return Vector(Magnitude, Magnitude + ".default.weight", layer.Inputs, (random, _) => factors.ColumnLengths(random));
        }
    }

    // Magnitudes and biases: what decay would pull to 0 is no size of a change.
    private LayerTensor Vector(string name, string trainingName, int length, Func<Random, int[], Tensor> begin) =>
        new(name, length) { Start = begin, TrainingName = trainingName, Decays = false, Group = LoraStart.GroupOfB, RateFactor = start.RatioOfB };
}
