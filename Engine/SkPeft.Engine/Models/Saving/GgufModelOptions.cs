using SkPeft.Engine.Tokenization;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Saving;

/// <summary>What a GGUF file is to be like.</summary>
/// <param name="Type">F32, F16, BF16, Q8_0, Q4_0 or Q4_1, for the weights that are not norms or biases.</param>
public sealed record GgufModelOptions(TensorType Type)
{
    /// <summary>A name for people, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The tokenizer, or null: the file can then be used with token ids only.</summary>
    public GgufVocabulary? Vocabulary { get; init; }
}
