namespace SkPeft.Tensors.Training;

/// <summary>What Hugging Face's prompt-learning configurations say of the base, filled in for a new adapter (see <see cref="PromptLearningKeys"/>).</summary>
public static class PromptLearningDraft
{
    /// <summary>Completes the keys that all prompt-learning methods share.</summary>
    /// <param name="draft">The configuration.</param>
    /// <param name="tokens">The method's own number of virtual tokens, where the configuration has none.</param>
    /// <param name="tokenDim">The width that this method uses on this base.</param>
    /// <param name="heads">The heads that this method uses on this base.</param>
    /// <param name="layers">The base's blocks.</param>
    public static ConfigDraft PromptLearning(this ConfigDraft draft, int tokens, int tokenDim, int heads, int layers)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft.Default("num_virtual_tokens", tokens).Default("token_dim", tokenDim).Default("num_attention_heads", heads)
            .Default("num_layers", layers).Default("num_transformer_submodules", 1);
    }
}
