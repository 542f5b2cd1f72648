namespace SkPeft.Peft.PrefixTuning;

/// <summary>Recognises prefixes whose width was computed by older versions of PEFT, which a plain shape error would leave unexplained.</summary>
internal static class PrefixShapeCheck
{
    /// <exception cref="AdapterShapeException">The width is that of the query heads or of a wrong head size, not of this base's key-value heads.</exception>
    public static void RefuseFullWidth(AdapterPackage package, ModelSizes sizes)
    {
        if (!package.Tensors.TryGetValue(PrefixTuningModule.TensorName, out Tensor? table) || table.Rank != 2)
        {
            return;
        }

        int pieces = 2 * sizes.Layers;
        int width = table[1] / pieces;
        if (table[1] % pieces != 0 || width == sizes.KeyValueWidth)
        {
            return;
        }

        // PEFT took hidden / heads for the size of a head until 0.18, whatever the model's head_dim.
        int widthOfWrongHeads = sizes.HiddenSize / sizes.Heads * sizes.KeyValueHeads;
        string? reason =
            width == sizes.HiddenSize || width == sizes.QueryWidth
                ? $"It has {width} numbers for each key, the width of the query heads; this base has {sizes.KeyValueHeads} key-value heads of {sizes.HeadDim}, "
                    + $"{sizes.KeyValueWidth} numbers. PEFT before 0.12 sized prefixes so, and they cannot work on a base with grouped queries: train it again with PEFT 0.12 or later."
            : width == widthOfWrongHeads
                ? $"It has {width} numbers for each key; this base has {sizes.KeyValueHeads} key-value heads of {sizes.HeadDim}, {sizes.KeyValueWidth} numbers. "
                    + "PEFT before 0.18 took hidden_size / num_attention_heads for the size of a head: train it again with PEFT 0.18 or later."
            : null;
        if (reason is not null)
        {
            throw new AdapterShapeException(package.Name, PrefixTuningModule.TensorName, table.ShapeText, $"[{table[0]}, {pieces * sizes.KeyValueWidth}]", reason);
        }
    }
}
