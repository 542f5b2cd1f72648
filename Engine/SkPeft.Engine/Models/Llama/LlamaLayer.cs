using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>The weights of one block.</summary>
internal sealed unsafe class LlamaLayer(NativeBuffer attentionNorm, FusedLinear qkv, FusedLinear output, NativeBuffer mlpNorm, FusedLinear gateUp, FusedLinear down)
    : IDisposable
{
    /// <summary>The gain of <c>input_layernorm</c>, [hidden].</summary>
    public float* AttentionNorm => attentionNorm.Floats;

    /// <summary>q, k and v, one below the other.</summary>
    public FusedLinear Qkv => qkv;

    /// <summary><c>o_proj</c>.</summary>
    public FusedLinear Output => output;

    /// <summary>The gain of <c>post_attention_layernorm</c>, [hidden].</summary>
    public float* MlpNorm => mlpNorm.Floats;

    /// <summary>gate and up, one below the other.</summary>
    public FusedLinear GateUp => gateUp;

    /// <summary><c>down_proj</c>.</summary>
    public FusedLinear Down => down;

    public void Dispose()
    {
        attentionNorm.Dispose();
        qkv.Dispose();
        output.Dispose();
        mlpNorm.Dispose();
        gateUp.Dispose();
        down.Dispose();
    }
}
