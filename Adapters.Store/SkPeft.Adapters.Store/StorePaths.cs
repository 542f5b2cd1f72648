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
        string? foreign;
        try
        {
            if (!File.GetAttributes(Root).HasFlag(FileAttributes.Directory))
            {
                throw new StoreException($"'{Root}' is a file, so it cannot be a store. Name a folder with --store.");
            }

            string[] entries = [.. Directory.EnumerateFileSystemEntries(Root).Select(e => Path.GetFileName(e)!)];
            foreign = entries.Contains("store.db") ? null : Array.Find(entries, entry => !s_ours.Contains(entry));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return;
        }
        catch (UnauthorizedAccessException e)
        {
            // Not the same as a store that is not there.
            throw new StoreException($"The store '{Root}' cannot be read: this process lacks the permission. Name another store with --store.", e);
        }

        if (foreign is not null)
        {
            throw new StoreException(
                $"'{Root}' is not an adapter store and has other things in it, such as '{foreign}'. Name an empty or new folder with --store.");
        }
    }
}
