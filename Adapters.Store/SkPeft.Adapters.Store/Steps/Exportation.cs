namespace SkPeft.Adapters.Store;

/// <summary>Writes a version's files into a folder, hashing on the way. The configuration comes last: a folder without it is no adapter.</summary>
internal sealed class Exportation(StorePaths paths, StoreDisk disk)
{
    private readonly List<string> _written = [];

    public AdapterVersion Run(AdapterHold hold, string folder, CancellationToken cancellationToken)
    {
        string root = Path.GetFullPath(folder);
        CheckTarget(folder, root);
        bool isNew = !Directory.Exists(root);
        try
        {
            Writing(folder, () => Directory.CreateDirectory(root));
            foreach (StoredFile file in hold.Files.OrderBy(f => f.Path == AdapterFolder.ConfigName))
            {
                Write(hold, folder, root, file, cancellationToken);
            }
        }
        catch
        {
            CleanUp(root, isNew);
            throw;
        }

        return hold.Version;
    }

    private void Write(AdapterHold hold, string folder, string root, StoredFile file, CancellationToken cancellationToken)
    {
        string target = Path.GetFullPath(Path.Combine(root, file.Path));
        string blob = paths.Blob(file.Digest);
        if (!Nesting.IsWithin(target, root))
        {
            throw new AdapterIntegrityException(hold.Version.Reference, file.Path, "a path that leaves the folder", "a path within it");
        }

        if (!File.Exists(blob))
        {
            throw new AdapterIntegrityException(hold.Version.Reference, $"{file.Path} ({blob})", BlobState.Read(blob, cancellationToken), file.Digest);
        }

        using FileStream from = BlobFiles.OpenToRead(blob);
        string found = Writing(folder, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using Stream to = disk.Create(target);
            _written.Add(target);
            return BlobFiles.Copy(from, to, cancellationToken).Digest;
        });
        if (found != file.Digest)
        {
            throw new AdapterIntegrityException(hold.Version.Reference, $"{file.Path} ({blob})", found, file.Digest);
        }
    }

    private void CheckTarget(string folder, string root)
    {
        if (File.Exists(root) || (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any()))
        {
            throw new StoreException($"Cannot export to '{folder}': it is not empty. Name a folder that is new or empty.");
        }

        if (Nesting.IsWithin(root, paths.Root))
        {
            throw new StoreException($"Cannot export to '{folder}': it lies in the store '{paths.Root}'. Name a folder outside.");
        }
    }

    // Trouble with the target is not trouble with the store.
    private static T Writing<T>(string folder, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw new StoreException($"Cannot export to '{folder}': {e.Message} Check its permissions and the space on its disk.", e);
        }
    }

    // Only what this export wrote: someone else may have begun to use the folder.
    private void CleanUp(string root, bool isNew)
    {
        try
        {
            _written.ForEach(File.Delete);
            foreach (string folder in _written.Select(f => Path.GetDirectoryName(f)!).Where(f => f != root).Distinct().OrderByDescending(f => f.Length))
            {
                DeleteIfEmpty(folder);
            }

            if (isNew)
            {
                DeleteIfEmpty(root);
            }
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            // The error that led here is the one to tell.
        }
    }

    private static void DeleteIfEmpty(string folder)
    {
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}
