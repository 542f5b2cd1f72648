using SkPeft.Engine.Adapters;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>What stands in front of every sequence in a layer's attention: static prefixes, and soft tokens generated from the instruction.</summary>
internal sealed class FrontRows(ForwardContext context, NormRows norms, AdaptedLinear linears, RotaryRows rotary)
{
    /// <summary>Keys and values for each sequence, or null where nothing stands in front.</summary>
    /// <param name="layer">The block.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="x">The residual stream before the layer.</param>
    public IReadOnlyList<KeyValues?> Of(int layer, TrainingBatch batch, Tensor x)
    {
        Dictionary<EffectIndex, KeyValues?> prefixes = [];
        List<KeyValues?> fronts = [];
        foreach (PlacedSequence sequence in batch.Sequences)
        {
            if (!prefixes.TryGetValue(sequence.Effects, out KeyValues? front))
            {
                front = sequence.Effects.Prefixes.Count == 0 ? null : Static(sequence.Effects.Prefixes[layer]);
                prefixes.Add(sequence.Effects, front);
            }

            fronts.Add(sequence.Effects.GeneratedRows > 0 ? Join(front, Generated(layer, sequence, x)) : front);
        }

        return fronts;
    }

    private static KeyValues Static(KeyValuePrefixEffect prefix) => new(prefix.Keys, prefix.Values);

    private static KeyValues Join(KeyValues? first, KeyValues second) =>
        first is null ? second : new(TensorOps.Concat(0, first.Keys, second.Keys), TensorOps.Concat(0, first.Values, second.Values));

    private unsafe KeyValues Generated(int layer, PlacedSequence sequence, Tensor x)
    {
        EffectIndex effects = sequence.Effects;
        GeneratedPrefixEffect effect = effects.Generators[layer];
        LlamaLayer weights = context.Weights.Layers[layer];
        Tensor instruction = x.Slice(0, sequence.FirstTextRow, sequence.Sequence.PromptLength);
        Tensor soft = EffectCall.Run(effects, effect, effect.Count, context.Sizes.HiddenSize, () => effect.Generate(instruction));
        RowGroups group = new();
        group.Append(effects, effect.Count);
        Tensor normed = norms.Apply(new NormSite(layer, NormKind.Attention), weights.AttentionNorm, group, soft);
        int first = sequence.FirstPosition - effect.Count;
        Tensor qkv = rotary.Apply(linears.Apply(weights.Qkv, group, normed), [.. Enumerable.Range(first, effect.Count)]);
        int width = context.Sizes.KeyValueWidth;
        return new KeyValues(qkv.Slice(1, context.Sizes.QueryWidth, width), qkv.Slice(1, context.Sizes.QueryWidth + width, width));
    }
}
