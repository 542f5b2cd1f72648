namespace SkPeft;

/// <summary>The keys that Hugging Face's prompt-learning configurations share (prompt tuning, P-tuning, prefix tuning and their kin).</summary>
/// <param name="VirtualTokens"><c>num_virtual_tokens</c>, at least 1.</param>
/// <param name="TokenDim"><c>token_dim</c>, or null where the file does not say.</param>
/// <param name="Heads"><c>num_attention_heads</c>, or null.</param>
/// <param name="Layers"><c>num_layers</c>, or null.</param>
public sealed record PromptLearningKeys(int VirtualTokens, int? TokenDim, int? Heads, int? Layers)
{
    /// <summary>Reads the keys; values that no decoder can have are noted as problems.</summary>
    public static PromptLearningKeys Read(AdapterConfigReader reader)
    {
        int tokens = reader.Integer("num_virtual_tokens", 0);
        if (tokens < 1)
        {
            reader.Problem($"num_virtual_tokens is {tokens}; at least 1 is supported");
        }

        // PEFT writes 2 for encoder-decoder models: two tables in one tensor.
        int stacks = reader.Integer("num_transformer_submodules", 1);
        if (stacks != 1)
        {
            reader.Problem($"num_transformer_submodules is {stacks}; a decoder has 1");
        }

        return new PromptLearningKeys(tokens, Size(reader, "token_dim"), Size(reader, "num_attention_heads"), Size(reader, "num_layers"));
    }

    /// <summary>Compares what the file says of its base with the base at hand. Call it after the tensors' shapes were checked: their errors say more.</summary>
    /// <param name="adapter">The adapter, as the caller named it.</param>
    /// <param name="tokenDim">The width that this method uses on this base.</param>
    /// <param name="heads">The heads that this method uses on this base, or null where heads do not matter to it.</param>
    /// <param name="layers">The base's blocks.</param>
    /// <exception cref="AdapterBaseMismatchException">They differ: the tensor would fit, but it was trained for something else.</exception>
    public void RequireBase(string adapter, int tokenDim, int? heads, int layers)
    {
        Require(adapter, "num_layers", Layers, layers);
        Require(adapter, "token_dim", TokenDim, tokenDim);
        Require(adapter, "num_attention_heads", Heads, heads);
    }

    private static int? Size(AdapterConfigReader reader, string key) => reader.Integer(key, -1) is var size && size < 0 ? null : size;

    private static void Require(string adapter, string key, int? said, int? here)
    {
        if (said is { } value && here is { } needed && value != needed)
        {
            throw new AdapterBaseMismatchException(adapter, key, $"{needed}", $"{value}");
        }
    }
}
