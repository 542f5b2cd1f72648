using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Effects;

/// <summary>New rows for some tokens, in the embedding and in the head.</summary>
public static class TokenRows
{
    /// <summary>The embeddings of the tokens are replaced.</summary>
    /// <param name="tokens">The tokens, all different.</param>
    /// <param name="rows">Their rows, [tokens, hidden].</param>
    public static TokenEmbeddingEffect InEmbedding(IReadOnlyList<int> tokens, Tensor rows) => new TokenRowsEffect(tokens, rows);

    /// <summary>The rows of the head are replaced: only the logits of these tokens change, by x (rows − W[tokens])ᵀ.</summary>
    /// <param name="tokens">The tokens, all different.</param>
    /// <param name="rows">Their rows, [tokens, hidden].</param>
    /// <param name="head">The head's weight, [vocabulary, hidden].</param>
    /// <param name="places">What <see cref="Places"/> gives for the tokens.</param>
    public static LowRankEffect InHead(IReadOnlyList<int> tokens, Tensor rows, Tensor head, Tensor places) =>
        new(new LinearSite(-1, LinearKind.Head), rows.Subtract(head.Gather([.. tokens])), places, 1);

    /// <summary>Where the tokens stand in the vocabulary: [vocabulary, tokens] with a 1 in each column.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="vocabulary">The number of all tokens.</param>
    public static Tensor Places(IReadOnlyList<int> tokens, int vocabulary)
    {
        Tensor places = new(vocabulary, tokens.Count);
        for (int i = 0; i < tokens.Count; i++)
        {
            places.Row(tokens[i])[i] = 1;
        }

        return places;
    }

    private sealed class TokenRowsEffect(IReadOnlyList<int> tokens, Tensor rows) : TokenEmbeddingEffect
    {
        private readonly Dictionary<int, int> _rows = tokens.Index().ToDictionary(t => t.Item, t => t.Index);

        public override Tensor Apply(ReadOnlySpan<int> ids, int firstPosition, Tensor embeddings)
        {
            int[] sources = new int[ids.Length];
            bool found = false;
            for (int i = 0; i < ids.Length; i++)
            {
                bool isTrained = _rows.TryGetValue(ids[i], out int row);
                sources[i] = isTrained ? ids.Length + row : i;
                found |= isTrained;
            }

            // Under training a text without these tokens has a gradient too, of 0: the optimiser's momentum goes on.
            return found || rows.NeedsGradient ? TensorOps.Concat(0, embeddings, rows).Gather(sources) : embeddings;
        }
    }
}
