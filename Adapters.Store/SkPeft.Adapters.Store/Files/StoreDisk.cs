namespace SkPeft.Adapters.Store;

/// <summary>What the store does to its disk; tests put full and failing disks in its place.</summary>
internal class StoreDisk
{
    /// <summary>Creates a file that must not exist.</summary>
    public virtual Stream Create(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    /// <summary>Makes a file's bytes durable and the file read-only.</summary>
    public virtual void Seal(Stream stream, string path)
    {
        if (stream is FileStream file)
        {
            file.Flush(flushToDisk: true);
        }

        SetReadOnly(path, true);
    }

    /// <summary>Moves a sealed file to its place, over what is there.</summary>
    public virtual void Move(string from, string to)
    {
        if (OperatingSystem.IsWindows() && File.Exists(to))
        {
            SetReadOnly(to, false);
        }

        File.Move(from, to, overwrite: true);
    }

    /// <summary>Makes the names in a folder durable.</summary>
    public virtual void SyncFolder(string folder) => Posix.SyncFolder(folder);

    /// <summary>Deletes a file.</summary>
    public virtual void Delete(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            SetReadOnly(path, false);
        }

        File.Delete(path);
    }

    private static void SetReadOnly(string path, bool readOnly)
    {
        if (OperatingSystem.IsWindows())
        {
            FileAttributes attributes = File.GetAttributes(path);
            File.SetAttributes(path, readOnly ? attributes | FileAttributes.ReadOnly : attributes & ~FileAttributes.ReadOnly);
        }
        else
        {
            const UnixFileMode everyoneReads = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            File.SetUnixFileMode(path, readOnly ? everyoneReads : everyoneReads | UnixFileMode.UserWrite);
        }
    }
}
