using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>The first rows: soft tokens as they are, real tokens from the base's table, with the adapters' changes.</summary>
internal sealed class EmbeddingRows(ForwardContext context)
{
    /// <summary>[rows, hidden].</summary>
    public Tensor Apply(TrainingBatch batch)
    {
        List<Tensor> parts = [];
        foreach (PlacedSequence sequence in batch.Sequences)
        {
            parts.AddRange(sequence.Effects.Prompts);
            parts.Add(Text(sequence));
        }

        return TensorOps.Concat(0, [.. parts]);
    }

    private Tensor Text(PlacedSequence sequence)
    {
        ReadOnlyMemory<int> ids = sequence.Sequence.Ids;
        Tensor text = new(ids.Length, context.Sizes.HiddenSize);
        for (int i = 0; i < ids.Length; i++)
        {
            context.Weights.Embed(ids.Span[i], text.Row(i));
        }

        foreach (TokenEmbeddingEffect effect in sequence.Effects.TokenEmbeddings)
        {
            Tensor before = text;
            text = EffectCall.Run(sequence.Effects, effect, text[0], text[1], () => effect.Apply(ids.Span, 0, before));
        }

        return text;
    }
}
