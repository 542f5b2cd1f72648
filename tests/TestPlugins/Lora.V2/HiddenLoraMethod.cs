namespace SkPeft.Peft.Lora;

/// <summary>
/// LoRA (Hu et al., arXiv 2106.09685): y = W₀x + s·B A x, with rsLoRA (arXiv 2312.03732) and DoRA (arXiv 2402.09353), on linear layers,
/// the embedding and the head. Files as HF PEFT 0.21 writes them.
/// </summary>
internal sealed class LoraMethod : IPeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["LORA"];

    /// <inheritdoc/>
    public string Description => "LoRA: low-rank updates of weights, with rsLoRA and DoRA (arXiv 2106.09685)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        LoraConfig config = LoraConfig.Read(package);
        return new LoraFamilyLoader(package, shape, config.Family).Load(
            [ModuleKind.Linear, ModuleKind.Embedding],
            (module, seen, tensors, name) => module.Kind == ModuleKind.Embedding
                ? TakeEmbedding(package, config, module, seen, tensors, name)
                : TakeLinear(config, module, seen, tensors, name));
    }

    /// <inheritdoc/>
    public void SelfTest() => LoraSelfTest.Run(this);

    private static LinearPart TakeLinear(LoraConfig config, ModuleInfo module, string seen, AdapterTensors tensors, string name)
    {
        int rank = config.RankOf(seen);
        return new LinearPart(
            module, tensors.Take(name + ".lora_A.weight", rank, module.Inputs), tensors.Take(name + ".lora_B.weight", module.Outputs, rank), config.ScaleOf(seen))
        {
            Bias = config.BiasOnB ? tensors.Take(name + ".lora_B.bias", module.Outputs) : null,
            Magnitude = config.Dora ? tensors.Take(name + ".lora_magnitude_vector", module.Outputs) : null,
        };
    }

    private static EmbeddingPart TakeEmbedding(
        AdapterPackage package, LoraConfig config, ModuleInfo module, string seen, AdapterTensors tensors, string name)
    {
        if (config.BiasOnB)
        {
            throw new AdapterOptionException(package.Name, package.PeftType, [$"lora_bias is true and {module.Name} is targeted; embeddings have no bias on B"]);
        }

        int rank = config.RankOf(seen);
        return new EmbeddingPart(
            module, tensors.Take(name + ".lora_embedding_A", rank, module.Outputs), tensors.Take(name + ".lora_embedding_B", module.Inputs, rank), config.ScaleOf(seen))
        {
            Magnitude = config.Dora ? tensors.Take(name + ".lora_magnitude_vector", module.Inputs) : null,
        };
    }
}
