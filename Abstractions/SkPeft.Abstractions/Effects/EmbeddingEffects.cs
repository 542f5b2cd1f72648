namespace SkPeft;

/// <summary>Soft tokens in front of the text, taking RoPE positions 0 … p−1 (prompt tuning, arXiv 2104.08691; P-tuning, arXiv 2103.10385).</summary>
/// <param name="embeddings">The soft tokens, [p, hidden].</param>
public sealed class PromptEmbeddingsEffect(Tensor embeddings) : Effect
{
    /// <summary>The soft tokens, [p, hidden].</summary>
    public Tensor Embeddings { get; } = embeddings;
}

/// <summary>A change of the embeddings of real tokens: by token (LoRA on the embedding, new rows) or by position (ACCEPT's SCAP, DePT).</summary>
public abstract class TokenEmbeddingEffect : Effect
{
    /// <summary>Gives the embeddings that take the place of <paramref name="embeddings"/>.</summary>
    /// <param name="ids">The n token ids.</param>
    /// <param name="firstPosition">The index of the first of them in the text, counted from 0 without virtual tokens.</param>
    /// <param name="embeddings">The embeddings so far, [n, hidden]. Must not be written to.</param>
    public abstract Tensor Apply(ReadOnlySpan<int> ids, int firstPosition, Tensor embeddings);
}
