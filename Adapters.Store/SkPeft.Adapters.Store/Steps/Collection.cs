namespace SkPeft.Adapters.Store;

/// <summary>Deletes what no version needs.</summary>
/// <remarks>
/// It holds the index's write lock while it looks and deletes. An addition renames its blobs into place and indexes them under the same
/// lock, so a blob that is there and not indexed belongs to nobody: a removed version, or an addition that was killed between the two.
/// Half-written files are taken only while no addition lives in any process (each holds a share of staging.lock). Versions in use cannot
/// be removed, so their blobs are indexed and stay.
/// </remarks>
internal sealed class Collection(StorePaths paths, StoreDisk disk, StoreDatabase database)
{
    private readonly List<string> _kept = [];
    private long _bytes;

    public StoreCollection Run(CancellationToken cancellationToken)
    {
        int blobs = database.Change(index =>
        {
            HashSet<string> needed = index.Digests();
            int count = 0;
            foreach (string file in Files(paths.Blobs, SearchOption.AllDirectories).Where(f => !needed.Contains(Path.GetFileName(f))))
            {
                cancellationToken.ThrowIfCancellationRequested();
                count += IsBlob(file) && Delete(file) ? 1 : 0;
            }

            HashSet<string> versions = [.. index.Versions().Select(v => Path.GetFileName(paths.Lease(v.Id)))];
            foreach (string lease in Files(paths.Leases, SearchOption.TopDirectoryOnly).Where(f => !versions.Contains(Path.GetFileName(f))))
            {
                _ = Delete(lease);
            }

            return count;
        }, () => 0);
        return new StoreCollection(blobs, Staged(), _bytes, _kept);
    }

    private int Staged()
    {
        if (!Directory.Exists(paths.Staging))
        {
            return 0;
        }

        using FileStream? own = FileLock.TryOwn(paths.StagingLock);
        string[] files = [.. Files(paths.Staging, SearchOption.TopDirectoryOnly)];
        if (own is null)
        {
            if (files.Length > 0)
            {
                _kept.Add($"{files.Length} files in {paths.Staging}: another process is adding an adapter right now");
            }

            return 0;
        }

        return files.Count(Delete);
    }

    private bool Delete(string file)
    {
        try
        {
            long bytes = new FileInfo(file).Length;
            disk.Delete(file);
            _bytes += bytes;
            return true;
        }
        catch (IOException e) when (OperatingSystem.IsWindows())
        {
            // Windows does not delete a file that some process has mapped; the next collection will.
            _kept.Add($"{file}: {e.Message}");
            return false;
        }
    }

    // A file that is not named like a blob was put there by someone else.
    private static bool IsBlob(string file) => Path.GetFileName(file) is { Length: 64 } name && name.All(char.IsAsciiHexDigitLower);

    private static string[] Files(string folder, SearchOption depth) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*", depth) : [];
}
