using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Loading;

/// <summary>
/// The weights of one LLaMA, whatever the format: complete, of the right shapes, under Hugging Face's names
/// (<c>model.layers.3.self_attn.q_proj.weight</c>, <c>model.embed_tokens.weight</c>, <c>model.norm.weight</c>,
/// <c>lm_head.weight</c>). Disposing it ends the life of its tensors.
/// </summary>
public interface IWeightSource : IDisposable
{
    /// <summary>The file or folder, as the caller named it.</summary>
    string Path { get; }

    /// <summary>The checked configuration.</summary>
    LlamaConfig Config { get; }

    /// <summary>The order of the rows of q_proj and k_proj.</summary>
    RopeLayout RopeLayout { get; }

    /// <summary>The GGUF file, where there is one: it also holds the tokenizer and the chat template.</summary>
    GgufFile? Gguf { get; }

    /// <summary>The tensor of this Hugging Face name, or null: biases that the model lacks, the head where it is tied.</summary>
    StoredTensor? Find(string hfName);
}
