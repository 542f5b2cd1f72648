namespace SkPeft;

/// <summary>Soft tokens in front of the text, taking RoPE positions 0 … p−1 (prompt tuning, arXiv 2104.08691; P-tuning, arXiv 2103.10385).</summary>
/// <param name="embeddings">The soft tokens, [p, hidden].</param>
public sealed class PromptEmbeddingsEffect(Tensor embeddings) : Effect
{
    /// <summary>The soft tokens, [p, hidden].</summary>
    public Tensor Embeddings { get; } = embeddings;
}

/// <summary>
/// Soft tokens that take the places of placeholders in the prompt (P-tuning's templates, arXiv 2103.10385; infix tokens, arXiv 2101.00190
/// §7.3). They are tokens like others: their positions are those of the places.
/// </summary>
/// <param name="embeddings">The soft tokens, [p, hidden]; id −k in a prompt is row k − 1.</param>
/// <param name="slots">How a prompt's text names them.</param>
public sealed class SlotEmbeddingsEffect(Tensor embeddings, SoftSlots slots) : Effect
{
    /// <summary>The soft tokens, [p, hidden].</summary>
    public Tensor Embeddings { get; } = embeddings;

    /// <summary>How a prompt's text names them.</summary>
    public SoftSlots Slots { get; } = slots;
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
