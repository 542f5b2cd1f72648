namespace SkPeft.Adapters.Store.Killable;

/// <summary>Commands on a store as lines of text, so that tests can give them to a process and kill it in the middle.</summary>
internal static class StoreCommand
{
    /// <summary>Runs <c>add NAME FOLDER</c>, <c>promote REF ALIAS</c>, <c>rollback NAME ALIAS</c>, <c>remove REF</c>, <c>gc</c>,
    /// <c>verify</c>, <c>list</c>, <c>export REF FOLDER</c> or <c>hold REF</c> (until the process ends).</summary>
    /// <returns><c>ok …</c>, or <c>refused KIND MESSAGE</c> for an error that the store raised on purpose.</returns>
    public static string Run(IAdapterStore store, string line)
    {
        string[] words = line.Split(' ');
        try
        {
            return "ok " + words[0] switch
            {
                "add" => Added(store.Add(words[1], words[2])),
                "promote" => Flipped(store.Promote(words[1], words[2])),
                "rollback" => Flipped(store.Rollback(words[1], words[2])),
                "remove" => store.Remove(words[1]).Reference,
                "gc" => $"{store.Collect().Kept.Count}",
                "verify" => store.Verify().IsSound ? "sound" : throw new InvalidOperationException("the store is not sound"),
                "list" => string.Join(' ', store.List().Select(l => l.Version.Reference)),
                "export" => store.Export(words[1], words[2]).Reference,
                "hold" => Held(store.Hold(words[1])),
                _ => throw new ArgumentException($"what is '{line}'?", nameof(line)),
            };
        }
        catch (SkPeftException e)
        {
            return $"refused {e.Kind} {e.Message}";
        }
    }

    private static string Added(AdapterAddition added) => $"{added.Version.Reference} {(added.IsNew ? "new" : "old")}";

    private static string Flipped(AliasFlip flip) => $"{flip.From?.ToString() ?? "none"}>{flip.To}";

    private static string Held(IAdapterHold hold) => $"{hold.Version.Reference} {hold.OpenFiles().Digest}";
}
