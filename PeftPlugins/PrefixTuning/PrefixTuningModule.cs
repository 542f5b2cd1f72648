using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.PrefixTuning;

/// <summary>A loaded prefix: a table [p, 2 · layers · width] in which layer l has its keys at 2l and its values at 2l + 1.</summary>
internal sealed class PrefixTuningModule(PrefixTuningConfig config, int layers, Tensor table) : PeftModule
{
    /// <summary>The only tensor of the file; PEFT puts no prefix in front of it.</summary>
    public const string TensorName = "prompt_embeddings";

    public PrefixTuningConfig Config { get; } = config;

    public override IReadOnlyList<string> MatchedModules { get; } = [.. Enumerable.Range(0, layers).Select(l => $"model.layers.{l}.self_attn")];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model)
    {
        int width = table[1] / (2 * layers);
        return [.. Enumerable.Range(0, layers).Select(l => new KeyValuePrefixEffect(l, Piece(2 * l, width), Piece((2 * l) + 1, width)))];
    }

    private Tensor Piece(int index, int width) => table.Slice(1, index * width, width);
}
