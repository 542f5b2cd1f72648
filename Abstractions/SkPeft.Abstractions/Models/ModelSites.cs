namespace SkPeft;

/// <summary>The linear layers of a LLaMA block, and the output head.</summary>
public enum LinearKind
{
    /// <summary><c>self_attn.q_proj</c>.</summary>
    Query,

    /// <summary><c>self_attn.k_proj</c>.</summary>
    Key,

    /// <summary><c>self_attn.v_proj</c>.</summary>
    Value,

    /// <summary><c>self_attn.o_proj</c>.</summary>
    Output,

    /// <summary><c>mlp.gate_proj</c>.</summary>
    Gate,

    /// <summary><c>mlp.up_proj</c>.</summary>
    Up,

    /// <summary><c>mlp.down_proj</c>.</summary>
    Down,

    /// <summary><c>lm_head</c>; its layer is -1.</summary>
    Head,
}

/// <summary>The RMS norms of a LLaMA model.</summary>
public enum NormKind
{
    /// <summary><c>input_layernorm</c>, before attention.</summary>
    Attention,

    /// <summary><c>post_attention_layernorm</c>, before the MLP.</summary>
    Mlp,

    /// <summary><c>model.norm</c>, before the head; its layer is -1.</summary>
    Final,
}

/// <summary>The two sub-layers of a block.</summary>
public enum SubLayerKind
{
    /// <summary>Attention, from its norm's output to <c>o_proj</c>'s output.</summary>
    Attention,

    /// <summary>The MLP, from its norm's output to <c>down_proj</c>'s output.</summary>
    Mlp,
}

/// <summary>One linear layer of the model.</summary>
/// <param name="Layer">The block, from 0; -1 for the head.</param>
/// <param name="Kind">Which linear layer of the block.</param>
public readonly record struct LinearSite(int Layer, LinearKind Kind);

/// <summary>One norm of the model.</summary>
/// <param name="Layer">The block, from 0; -1 for the final norm.</param>
/// <param name="Kind">Which norm of the block.</param>
public readonly record struct NormSite(int Layer, NormKind Kind);
