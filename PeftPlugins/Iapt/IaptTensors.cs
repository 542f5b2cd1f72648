namespace SkPeft.Peft.Iapt;

/// <summary>The names and shapes of an IAPT file. Layers of a group refer to the same projections.</summary>
internal static class IaptTensors
{
    // Degrees 6 and 5, with the constant of the denominator fixed at 1 (arXiv 2410.18035, eq. 6).
    private const int NumeratorLength = 7;
    private const int DenominatorLength = 5;

    public static IReadOnlyList<IaptGenerator> Take(AdapterTensors tensors, IaptConfig config, ModelSizes sizes)
    {
        int hidden = sizes.HiddenSize;
        Tensor[] downs = new Tensor[((sizes.Layers - 1) / config.ShareGroup) + 1];
        Tensor[] ups = new Tensor[downs.Length];
        for (int group = 0; group < downs.Length; group++)
        {
            downs[group] = tensors.Take($"groups.{group}.down.weight", config.Bottleneck, hidden);
            ups[group] = tensors.Take($"groups.{group}.up.weight", hidden, config.Bottleneck);
        }

        IaptGenerator[] generators = new IaptGenerator[sizes.Layers];
        for (int layer = 0; layer < generators.Length; layer++)
        {
            generators[layer] = new IaptGenerator(
                downs[layer / config.ShareGroup],
                tensors.Take($"layers.{layer}.pool.weight", config.VirtualTokens, config.Bottleneck),
                tensors.Take($"layers.{layer}.act.numerator", NumeratorLength),
                tensors.Take($"layers.{layer}.act.denominator", DenominatorLength),
                ups[layer / config.ShareGroup],
                config.UpBias switch
                {
                    UpBias.Shared => tensors.Take($"layers.{layer}.up.bias", hidden),
                    UpBias.Token => tensors.Take($"layers.{layer}.up.bias", config.VirtualTokens, hidden),
                    _ => null,
                });
        }

        return generators;
    }
}
