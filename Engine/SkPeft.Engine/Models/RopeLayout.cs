namespace SkPeft.Engine.Models;

/// <summary>Which elements of a head rotary embedding turns together; it shows in the order of the rows of q_proj and k_proj.</summary>
public enum RopeLayout
{
    /// <summary>Element i with element i + headDim / 2: Hugging Face's order, in which adapters are saved.</summary>
    RotateHalf,

    /// <summary>Element 2i with element 2i + 1: the order of LLaMA's GGUF files.</summary>
    Interleaved,
}
