using SkPeft.Engine.Adapters;

namespace SkPeft.Engine.Models.Llama;

/// <summary>The first rows of a step: soft tokens as they are, real tokens from the table, with the adapter's changes.</summary>
internal sealed unsafe class EmbeddingLookup(LlamaWeights weights)
{
    public void Write(ForwardSegment segment, Rows rows)
    {
        int row = 0;
        if (segment.SoftRows > 0)
        {
            foreach (Tensor prompt in segment.Sequence.Plan.Prompts)
            {
                for (int soft = 0; soft < prompt[0]; soft++)
                {
                    prompt.Row(soft).CopyTo(new Span<float>(rows.Row(row++), rows.Width));
                }
            }
        }

        ReadOnlySpan<int> ids = segment.Ids.Span;
        EffectPlan plan = segment.Sequence.Plan;
        Rows text = rows.Slice(row, ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            Span<float> to = new(text.Row(i), text.Width);
            if (ids[i] < 0)
            {
                plan.Slots!.Embeddings.Row(-ids[i] - 1).CopyTo(to);
            }
            else
            {
                weights.Embed(ids[i], to);
            }
        }

        foreach (TokenEmbeddingEffect effect in plan.TokenEmbeddings)
        {
            Tensor before = text.Read(text.Width);
            text.Write(EffectCall.Run(plan, effect, ids.Length, text.Width, () => effect.Apply(segment.Ids.Span, segment.Sequence.TextLength, before)));
        }
    }
}
