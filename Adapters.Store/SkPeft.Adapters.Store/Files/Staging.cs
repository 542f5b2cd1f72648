namespace SkPeft.Adapters.Store;

/// <summary>
/// Files on their way into the store: written and made durable under <c>staging/</c>, then renamed to their digests. While this exists
/// its process holds a shared lock on <c>staging.lock</c>, so that a collection can tell living files from those of the dead.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly StorePaths _paths;
    private readonly StoreDisk _disk;
    private readonly FileStream _lock;
    private readonly List<(string Staged, string Digest)> _staged = [];

    // Blobs that were there and whole when their copy came in; if they still are at the end, they need not be written again.
    private readonly HashSet<string> _whole = new(StringComparer.Ordinal);

    private Staging(StorePaths paths, StoreDisk disk, FileStream held) => (_paths, _disk, _lock) = (paths, disk, held);

    public static Staging Begin(StorePaths paths, StoreDisk disk, Patience patience)
    {
        Directory.CreateDirectory(paths.Root);
        FileStream held = FileLock.ShareWhenFree(paths.StagingLock, patience);
        try
        {
            Directory.CreateDirectory(paths.Staging);
            return new Staging(paths, disk, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Copies one file in.</summary>
    public StoredFile Take(FolderFile file, CancellationToken cancellationToken)
    {
        string staged = Path.Combine(_paths.Staging, Guid.NewGuid().ToString("n"));
        using FileStream from = file.Open();
        using Stream to = _disk.Create(staged);
        _staged.Add((staged, ""));
        (string digest, long bytes) = BlobFiles.Copy(from, to, cancellationToken);
        to.Flush();
        _disk.Seal(to, staged);
        _staged[^1] = (staged, digest);
        if (IsWhole(digest, cancellationToken))
        {
            _whole.Add(digest);
        }

        return new StoredFile(file.Path, digest, bytes);
    }

    /// <summary>
    /// Puts the files in their places. Call it inside the transaction that indexes them: a collection needs the same lock, so it never
    /// sees a blob that is there but not yet indexed. A blob that was damaged is replaced by the good copy.
    /// </summary>
    public void Publish()
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string staged, string digest) in _staged)
        {
            string blob = _paths.Blob(digest);
            if (_whole.Contains(digest) && File.Exists(blob))
            {
                continue;
            }

            string folder = Path.GetDirectoryName(blob)!;
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                folders.Add(_paths.Blobs);
            }

            _disk.Move(staged, blob);
            folders.Add(folder);
        }

        foreach (string folder in folders)
        {
            _disk.SyncFolder(folder);
        }
    }

    public void Dispose()
    {
        foreach ((string staged, _) in _staged)
        {
            try
            {
                if (File.Exists(staged))
                {
                    _disk.Delete(staged);
                }
            }
            catch (Exception e) when (StoreFailure.Is(e))
            {
                // The next collection takes it; the error that led here is the one to tell.
            }
        }

        _lock.Dispose();
    }

    private bool IsWhole(string digest, CancellationToken cancellationToken)
    {
        try
        {
            return BlobFiles.Hash(_paths.Blob(digest), cancellationToken) == digest;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return false;
        }
    }
}
