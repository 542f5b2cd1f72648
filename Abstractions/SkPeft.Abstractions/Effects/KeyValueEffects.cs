namespace SkPeft;

/// <summary>
/// Keys and values in front of the text in one layer, in the same softmax (prefix tuning, arXiv 2101.00190; P-tuning v2, arXiv 2110.07602).
/// The p rows occupy positions: text starts at RoPE position p. Keys are used as they are; RoPE is not applied to them.
/// </summary>
/// <param name="layer">The block, from 0. Every block has a prefix of the same length, or none has.</param>
/// <param name="keys">The keys, [p, key-value width].</param>
/// <param name="values">The values, [p, key-value width].</param>
public sealed class KeyValuePrefixEffect(int layer, Tensor keys, Tensor values) : Effect
{
    /// <summary>The block, from 0.</summary>
    public int Layer { get; } = layer;

    /// <summary>The keys, [p, key-value width].</summary>
    public Tensor Keys { get; } = keys;

    /// <summary>The values, [p, key-value width].</summary>
    public Tensor Values { get; } = values;
}

/// <summary>
/// Keys and values with a softmax of their own, gated per query head and added to the attention's output before <c>o_proj</c>
/// (LLaMA-Adapter, arXiv 2303.16199). They take no positions; the (rotated) queries meet them without rotation of the keys.
/// </summary>
/// <param name="layer">The block, from 0.</param>
/// <param name="keys">The keys, [p, key-value width].</param>
/// <param name="values">The values, [p, key-value width].</param>
/// <param name="gate">The gate, [query heads], after any squashing.</param>
public sealed class GatedKeyValueEffect(int layer, Tensor keys, Tensor values, Tensor gate) : Effect
{
    /// <summary>The block, from 0.</summary>
    public int Layer { get; } = layer;

    /// <summary>The keys, [p, key-value width].</summary>
    public Tensor Keys { get; } = keys;

    /// <summary>The values, [p, key-value width].</summary>
    public Tensor Values { get; } = values;

    /// <summary>The gate, [query heads].</summary>
    public Tensor Gate { get; } = gate;

    /// <inheritdoc/>
    public override bool ChangesKeysOrValues(int layers) => Layer < layers - 1;
}

/// <summary>
/// Soft tokens of one layer, generated at prefill from the hidden states of the instruction (IAPT, arXiv 2405.18203). The engine passes
/// them through the layer's norm, key and value projections, gives them RoPE positions 0 … count−1 and keeps the result in the cache of
/// the sequence: decoding never calls the generator.
/// </summary>
/// <param name="layer">The block, from 0. Every block generates the same number of soft tokens, or none does.</param>
/// <param name="count">The number of soft tokens.</param>
public abstract class GeneratedPrefixEffect(int layer, int count) : Effect
{
    /// <summary>The block, from 0.</summary>
    public int Layer { get; } = layer;

    /// <summary>The number of soft tokens.</summary>
    public int Count { get; } = count;

    /// <summary>Generates the soft tokens, [count, hidden].</summary>
    /// <param name="instruction">The residual stream before the layer at the n instruction tokens, [n, hidden]; not to be kept: the next layer's takes its memory.</param>
    public abstract Tensor Generate(Tensor instruction);
}
