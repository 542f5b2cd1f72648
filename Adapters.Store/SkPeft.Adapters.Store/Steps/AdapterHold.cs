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

    /// <summary>Resolves and shares within one read transaction.</summary>
    /// <remarks>
    /// While the transaction reads, nobody can commit (that is how a rollback journal works), so the version that it sees is there. Its
    /// remover owns the lock from before its commit until after: either we fail to share and look again, or the remover fails to own and
    /// refuses. A hold never names a version that is gone.
    /// </remarks>
    public static AdapterHold Take(AdapterReference reference, StorePaths paths, StoreDatabase database, VersionLocks locks, Patience patience)
    {
        while (true)
        {
            bool isStore = false;
            AdapterHold? hold = database.Read(index =>
            {
                isStore = true;
                VersionRow row = index.Resolve(reference);
                List<StoredFile> files = index.Files(row.Id);
                return locks.TryShare(row) is { } share ? new AdapterHold(paths, share, row.Version, files) : null;
            }, null);
            if (hold is not null)
            {
                return hold;
            }

            if (!isStore)
            {
                throw NotFound.InEmptyStore(reference, paths.Root);
            }

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
