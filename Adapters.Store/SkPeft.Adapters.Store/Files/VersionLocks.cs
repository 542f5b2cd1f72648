namespace SkPeft.Adapters.Store;

/// <summary>
/// The lock of each version: shared by everyone who uses it, owned for a moment by whoever removes it. The operating system drops the
/// locks of a process that dies, so nothing needs to be cleaned up and nothing can be forged by an old process id.
/// </summary>
internal sealed class VersionLocks(StorePaths paths)
{
    /// <summary>Makes the lock file of a version that is being added; its text is for people.</summary>
    public void Create(VersionRow row)
    {
        Directory.CreateDirectory(paths.Leases);
        using var file = new FileStream(paths.Lease(row.Id), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(row.Version.Reference + "\n"));
    }

    /// <summary>A share in the version; null while it is being removed.</summary>
    public FileStream? TryShare(VersionRow row)
    {
        string path = paths.Lease(row.Id);
        try
        {
            return FileLock.TryShare(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // A copy of the store may have lost the file.
            Create(row);
            return FileLock.TryShare(path);
        }
    }

    /// <summary>The version for oneself; null while anyone uses it.</summary>
    public FileStream? TryOwn(VersionRow row)
    {
        Directory.CreateDirectory(paths.Leases);
        return FileLock.TryOwn(paths.Lease(row.Id));
    }
}
