namespace SkPeft.Peft.Iapt;

/// <summary>The names and shapes of an IAPT file. Layers of a group refer to the same projections.</summary>
internal static class IaptTensors
{
    // Degrees 6 and 5, with the constant of the denominator fixed at 1 (arXiv 2410.18035, eq. 6).
    private const int NumeratorLength = 7;
    private const int DenominatorLength = 5;

    public static string Down(int group) => $"groups.{group}.down.weight";

    public static string Up(int group) => $"groups.{group}.up.weight";

    public static string Pool(int layer) => $"layers.{layer}.pool.weight";

    public static string Numerator(int layer) => $"layers.{layer}.act.numerator";

    public static string Denominator(int layer) => $"layers.{layer}.act.denominator";

    public static string Bias(int layer) => $"layers.{layer}.up.bias";

    /// <summary>How many groups of layers share their projections.</summary>
    public static int Groups(IaptConfig config, ModelSizes sizes) => ((sizes.Layers - 1) / config.ShareGroup) + 1;

    public static IReadOnlyList<IaptGenerator> Take(AdapterTensors tensors, IaptConfig config, ModelSizes sizes)
    {
        int hidden = sizes.HiddenSize;
        Tensor[] downs = new Tensor[Groups(config, sizes)];
        Tensor[] ups = new Tensor[downs.Length];
        for (int group = 0; group < downs.Length; group++)
        {
            downs[group] = tensors.Take(Down(group), config.Bottleneck, hidden);
            ups[group] = tensors.Take(Up(group), hidden, config.Bottleneck);
        }

        IaptGenerator[] generators = new IaptGenerator[sizes.Layers];
        for (int layer = 0; layer < generators.Length; layer++)
        {
            generators[layer] = new IaptGenerator(
                downs[layer / config.ShareGroup],
                tensors.Take(Pool(layer), config.VirtualTokens, config.Bottleneck),
                tensors.Take(Numerator(layer), NumeratorLength),
                tensors.Take(Denominator(layer), DenominatorLength),
                ups[layer / config.ShareGroup],
                config.UpBias switch
                {
                    UpBias.Shared => tensors.Take(Bias(layer), hidden),
                    UpBias.Token => tensors.Take(Bias(layer), config.VirtualTokens, hidden),
                    _ => null,
                });
        }

        return generators;
    }
}
