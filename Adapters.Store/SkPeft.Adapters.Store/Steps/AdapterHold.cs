namespace SkPeft.Adapters.Store;

/// <summary>A share in a version's lock.</summary>
internal sealed class AdapterHold : IAdapterHold
{
    private readonly StorePaths _paths;
    private readonly FileStream _share;

    private AdapterHold(StorePaths paths, FileStream share, AdapterVersion version, IReadOnlyList<StoredFile> files) =>
        (_paths, _share, Version, Files) = (paths, share, version, files);

    public AdapterVersion Version { get; }

    public IReadOnlyList<StoredFile> Files { get; }

    /// <summary>
    /// Resolve, share, look again. A remover owns the lock until its transaction is over, so a version that is still there once we
    /// share its lock stays there; one that is gone is resolved anew (its alias may have moved on).
    /// </summary>
    public static AdapterHold Take(AdapterReference reference, StorePaths paths, StoreDatabase database, VersionLocks locks, Patience patience)
    {
        while (true)
        {
            (VersionRow Row, List<StoredFile> Files)? found = database.Read<(VersionRow, List<StoredFile>)?>(index =>
            {
                VersionRow row = index.Resolve(reference);
                return (row, index.Files(row.Id));
            }, null);
            if (found is not { } target)
            {
                throw NotFound.InEmptyStore(reference, paths.Root);
            }

            FileStream? share = locks.TryShare(target.Row);
            if (share is not null && database.Read(index => index.Has(target.Row.Id), false))
            {
                return new AdapterHold(paths, share, target.Row.Version, target.Files);
            }

            share?.Dispose();
            patience.Wait();
        }
    }

    public AdapterFiles OpenFiles(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(!_share.CanRead, this);
        return new AdapterFiles(Version.Reference, Version.Digest,
            Verified(AdapterFolder.ConfigName, cancellationToken), Verified(AdapterFolder.WeightsName, cancellationToken), Version.Base);
    }

    public void Dispose() => _share.Dispose();

    private string Verified(string name, CancellationToken cancellationToken)
    {
        StoredFile file = Files.Single(f => f.Path == name);
        string blob = _paths.Blob(file.Digest);
        string found = BlobState.Read(blob, cancellationToken);
        return found == file.Digest ? blob : throw new AdapterIntegrityException(Version.Reference, $"{name} ({blob})", found, file.Digest);
    }
}
