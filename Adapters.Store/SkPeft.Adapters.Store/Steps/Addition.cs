namespace SkPeft.Adapters.Store;

/// <summary>Adds a folder: check, copy to staging, then one transaction that numbers the version and puts its blobs in place.</summary>
internal sealed class Addition(StorePaths paths, StoreDisk disk, StoreDatabase database, VersionLocks locks, TimeProvider time)
{
    public AdapterAddition Run(string name, string folder, ModelFingerprint? model, Patience patience, CancellationToken cancellationToken)
    {
        FolderListing listing = FolderListing.Read(folder);
        if (Nesting.IsWithin(paths.Root, listing.Root))
        {
            throw new StoreException($"Cannot add '{folder}': the store '{paths.Root}' lies in it. Name another store with --store, or move the adapter.");
        }

        string peftType = AdapterFolder.Check(listing);
        paths.CheckMayBecomeStore();
        using Staging staging = Staging.Begin(paths, disk, patience);
        var files = new List<StoredFile>();
        foreach (FolderFile file in listing.Files)
        {
            files.Add(staging.Take(file, cancellationToken));
        }

        var version = new AdapterVersion(name, 0, AdapterFolder.DigestOf(files), peftType, files.Sum(f => f.Bytes), time.GetUtcNow(), model);
        return database.ChangeOrCreate(index =>
        {
            // Even where the version is there already: a damaged blob gets its good bytes back.
            staging.Publish();
            if (Existing(index, version) is { } same)
            {
                return new AdapterAddition(same, false, listing.LeftOut);
            }

            VersionRow row = index.Insert(version, files);
            locks.Create(row);
            return new AdapterAddition(row.Version, true, listing.LeftOut);
        });
    }

    /// <summary>
    /// The version that this addition would only repeat: the same content for the same base, or for a base that one of the two does not
    /// know (which is recorded then). The same content for another base is a version of its own.
    /// </summary>
    private static AdapterVersion? Existing(StoreIndex index, AdapterVersion version)
    {
        List<VersionRow> same = index.WithDigest(version.Name, version.Digest);
        if (version.Base is null)
        {
            return same.FirstOrDefault()?.Version;
        }

        return same.Find(row => row.Version.Base == version.Base)?.Version
            ?? (same.Find(row => row.Version.Base is null) is { } open ? index.SetBase(open, version.Base).Version : null);
    }
}
