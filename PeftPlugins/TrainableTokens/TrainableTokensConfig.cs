namespace SkPeft.Peft.TrainableTokens;

/// <summary>The configuration of an adapter with trained tokens, as HF PEFT 0.21 writes it.</summary>
/// <param name="Tokens">The tokens, all different.</param>
/// <param name="Targets">Embedding, head, or both.</param>
/// <param name="StartsAtBase">Whether new rows start as the base's own.</param>
internal sealed record TrainableTokensConfig(IReadOnlyList<int> Tokens, TargetModules Targets, bool StartsAtBase)
{
    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="AdapterOptionException">An option is not supported; all of them are listed.</exception>
    /// <exception cref="FileFormatException">A value has the wrong type.</exception>
    public static TrainableTokensConfig Read(AdapterConfigReader reader, ModelShape shape)
    {
        int vocabulary = shape.Sizes.VocabularySize;
        IReadOnlyList<int> tokens = reader.Integers("token_indices") ?? [];
        if (tokens.Count == 0)
        {
            reader.Problem("token_indices is empty; at least one token is needed");
        }

        foreach (int token in tokens.Where(t => t < 0 || t >= vocabulary).Take(1))
        {
            reader.Problem($"token_indices has {token}; 0 to {vocabulary - 1} are supported, the vocabulary of this base");
        }

        // The reference writes the rows one after the other, in an order that is not defined.
        foreach (int token in tokens.GroupBy(t => t).Where(g => g.Count() > 1).Select(g => g.Key).Take(1))
        {
            reader.Problem($"token_indices has {token} more than once; different tokens are supported");
        }

        TrainableTokensConfig config = new(tokens, TargetModules.Read(reader, [], "embed_tokens"), reader.Flag("init_weights", true));
        reader.Finish();
        return config;
    }
}
