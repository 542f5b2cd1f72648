namespace SkPeft.Peft.TrainableTokens;

/// <summary>
/// The tables that have new rows. In a tied base the head follows the embedding: it has the same rows, and the reference's file repeats them
/// under the head's name.
/// </summary>
/// <param name="Own">The tables with rows of their own.</param>
/// <param name="Follower">The head, where it shares the embedding's rows; else null.</param>
internal sealed record TokenTables(IReadOnlyList<ModuleInfo> Own, ModuleInfo? Follower)
{
    private const string Suffix = ".trainable_tokens_delta";

    /// <summary>The name of a table's rows in the file.</summary>
    public static string FileName(ModuleInfo module) => AdapterTensors.Prefix + module.Name + Suffix;

    /// <summary>Finds the tables.</summary>
    /// <exception cref="AdapterOptionException">A target is neither embedding nor head.</exception>
    public static TokenTables Match(TrainableTokensConfig config, AdapterPackage package, ModuleNames names, ModelShape shape)
    {
        IReadOnlyList<ModuleInfo> targeted = config.Targets.Match(shape, names, ModuleKind.Embedding, ModuleKind.Linear);
        if (targeted.FirstOrDefault(m => m.Linear is { Kind: not LinearKind.Head }) is { } other)
        {
            throw new AdapterOptionException(package.Name, package.PeftType, [$"target_modules matches {other.Name}; embed_tokens and lm_head have rows for tokens"]);
        }

        ModuleInfo head = shape.ModuleOf(new LinearSite(-1, LinearKind.Head));
        bool follows = shape.Sizes.TiedEmbeddings && targeted.Any(m => m.Kind == ModuleKind.Embedding);
        return new TokenTables([.. targeted.Where(m => !follows || m != head)], follows ? head : null);
    }

    /// <summary>Takes the rows that the file repeats, and sees to it that they are the same.</summary>
    /// <exception cref="AdapterShapeException">They are not.</exception>
    public void TakeCopy(string adapter, AdapterTensors tensors, IReadOnlyDictionary<ModuleInfo, Tensor> rows)
    {
        if (Follower is null || !tensors.Has(FileName(Follower)))
        {
            return;
        }

        (ModuleInfo module, Tensor own) = rows.Single();
        if (!tensors.Take(FileName(Follower), own[0], own[1]).Data.SequenceEqual(own.Data))
        {
            throw new AdapterShapeException(adapter, FileName(Follower), "rows of its own", $"a copy of '{FileName(module)}'",
                "In this base the head is the embedding: a file in which the two differ was made for another one.");
        }
    }
}
