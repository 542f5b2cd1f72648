namespace SkPeft.Adapters.Store;

/// <summary>Where things lie in a store's folder.</summary>
/// <remarks>
/// <code>
/// store.db          the index: versions, aliases, history (SQLite, rollback journal)
/// blobs/ab/abcd…    files by SHA-256, read-only
/// leases/17         one file a version (by its row): whoever uses the version holds a shared lock on it
/// staging/          half-written files; staging.lock is held by whoever is writing there
/// </code>
/// </remarks>
internal sealed class StorePaths(string root)
{
    private static readonly string[] s_ours = ["store.db", "store.db-journal", "blobs", "leases", "staging", "staging.lock"];

    public string Root { get; } = root;

    public string Database { get; } = Path.Combine(root, "store.db");

    public string Blobs { get; } = Path.Combine(root, "blobs");

    public string Leases { get; } = Path.Combine(root, "leases");

    public string Staging { get; } = Path.Combine(root, "staging");

    public string StagingLock { get; } = Path.Combine(root, "staging.lock");

    public string Blob(string digest) => Path.Combine(Blobs, digest[..2], digest);

    public string Lease(long version) => Path.Combine(Leases, version.ToString());

    /// <summary>A folder without an index may become a store only if nothing of someone else's is in it.</summary>
    public void CheckMayBecomeStore()
    {
        if (File.Exists(Root))
        {
            throw new StoreException($"'{Root}' is a file, so it cannot be a store. Name a folder with --store.");
        }

        if (!File.Exists(Database) && Directory.Exists(Root)
            && Directory.EnumerateFileSystemEntries(Root).Select(Path.GetFileName).FirstOrDefault(entry => !s_ours.Contains(entry)) is { } foreign)
        {
            throw new StoreException(
                $"'{Root}' is not an adapter store and has other things in it, such as '{foreign}'. Name an empty or new folder with --store.");
        }
    }
}
