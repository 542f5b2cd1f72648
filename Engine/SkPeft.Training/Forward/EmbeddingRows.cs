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
        Tensor text = Look(ids.Span, sequence.Effects.Slots?.Embeddings);
        foreach (TokenEmbeddingEffect effect in sequence.Effects.TokenEmbeddings)
        {
            Tensor before = text;
            text = EffectCall.Run(sequence.Effects, effect, text[0], text[1], () => effect.Apply(ids.Span, 0, before));
        }

        return text;
    }

    // Runs of real tokens are constants; the soft tokens between them are rows that gradients go back to.
    private Tensor Look(ReadOnlySpan<int> ids, Tensor? slots)
    {
        List<Tensor> parts = [];
        for (int from = 0; from < ids.Length;)
        {
            bool soft = ids[from] < 0;
            int to = from + 1;
            while (to < ids.Length && ids[to] < 0 == soft)
            {
                to++;
            }

            parts.Add(soft ? Soft(ids[from..to], slots!) : Real(ids[from..to]));
            from = to;
        }

        return parts.Count == 1 ? parts[0] : TensorOps.Concat(0, [.. parts]);
    }

    private Tensor Real(ReadOnlySpan<int> ids)
    {
        Tensor rows = context.Memory.Rent(ids.Length, context.Sizes.HiddenSize);
        for (int i = 0; i < ids.Length; i++)
        {
            context.Weights.Embed(ids[i], rows.Row(i));
        }

        return rows;
    }

    private static Tensor Soft(ReadOnlySpan<int> ids, Tensor slots)
    {
        int[] rows = new int[ids.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = -ids[i] - 1;
        }

        return slots.Gather(rows);
    }
}
