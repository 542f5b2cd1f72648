namespace SkPeft.Adapters.Store;

/// <summary>The embedded store: files named by their SHA-256 and an SQLite index, in one folder.</summary>
/// <remarks>
/// Opening costs nothing and creates nothing; the folder comes into being with the first addition. Each method opens the index for one
/// transaction. Several processes may use the same folder on a local disk (it needs working file locks). See README.md beside this project for the reasons.
/// </remarks>
public sealed class AdapterStore : IAdapterStore
{
    private readonly StorePaths _paths;
    private readonly StoreDisk _disk;
    private readonly StoreDatabase _database;
    private readonly VersionLocks _locks;
    private readonly TimeProvider _time;

    internal AdapterStore(string folder, TimeProvider time, StoreDisk disk)
    {
        _paths = new StorePaths(Path.GetFullPath(folder));
        (_time, _disk, _database, _locks) = (time, disk, new StoreDatabase(_paths), new VersionLocks(_paths));
    }

    /// <summary>The store's folder, as a full path.</summary>
    public string Folder => _paths.Root;

    /// <summary>Opens a store, which need not exist yet.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="time">Says when a version was added; the system's clock by default.</param>
    public static AdapterStore Open(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new AdapterStore(folder, time ?? TimeProvider.System, new StoreDisk());
    }

    /// <inheritdoc/>
    public AdapterAddition Add(string name, string folder, ModelFingerprint? model = null, CancellationToken cancellationToken = default)
    {
        _ = AdapterReference.CheckName(name);
        ArgumentNullException.ThrowIfNull(folder);
        string action = $"add '{name}'";
        return Do(action, () => new Addition(_paths, _disk, _database, _locks, _time)
            .Run(name, folder, model, new Patience(_time, Folder, action, cancellationToken), cancellationToken));
    }

    /// <inheritdoc/>
    public IReadOnlyList<AdapterListing> List() => Do("list", () => _database.Read<IReadOnlyList<AdapterListing>>(index =>
    {
        List<VersionRow> versions = index.Versions();
        var aliases = versions.Select(v => v.Version.Name).Distinct().ToDictionary(name => name, index.Aliases.Of);
        return [.. versions.Select(v => new AdapterListing(v.Version,
            [.. aliases[v.Version.Name].Where(a => a.Number == v.Version.Number).Select(a => a.Alias)]))];
    }, []));

    /// <inheritdoc/>
    public AdapterDetails Show(string reference) => Find("show", reference, (index, row) => new AdapterDetails(
        row.Version, [.. index.Aliases.Of(row.Version.Name).Where(a => a.Number == row.Version.Number)], index.Files(row.Id)));

    /// <inheritdoc/>
    public AdapterVersion Resolve(string reference) => Find("look up", reference, (_, row) => row.Version);

    /// <inheritdoc/>
    public AliasFlip Promote(string reference, string alias)
    {
        _ = AdapterReference.CheckAlias(alias);
        return Change("promote", reference, (index, row) =>
        {
            AdapterVersion version = row.Version;
            int? from = index.Aliases.Number(version.Name, alias);
            if (from != version.Number)
            {
                index.Aliases.Promote(version.Name, alias, from, version.Number);
            }

            return new AliasFlip(version.Name, alias, from, version.Number);
        });
    }

    /// <inheritdoc/>
    public AliasFlip Rollback(string name, string alias)
    {
        _ = AdapterReference.CheckName(name);
        _ = AdapterReference.CheckAlias(alias);
        return Change("roll back", $"{name}@{alias}", (index, row) => index.Aliases.Rollback(name, alias) is { } to
            ? new AliasFlip(name, alias, row.Version.Number, to)
            : throw new StoreException(
                $"Cannot roll back '{name}@{alias}': it names version {row.Version.Number} and there is no earlier one to go back to. " +
                $"Name a version with 'skpeft adapters promote {name}@NUMBER {alias}'."));
    }

    /// <inheritdoc/>
    public AdapterVersion Remove(string reference) => Change("remove", reference, (index, row) =>
    {
        AdapterVersion version = row.Version;
        string[] aliases = [.. index.Aliases.Of(version.Name).Where(a => a.Number == version.Number).Select(a => $"'{version.Name}@{a.Alias}'")];
        if (aliases.Length > 0)
        {
            throw new StoreException(
                $"Cannot remove '{version.Reference}': {string.Join(" and ", aliases)} {(aliases.Length == 1 ? "names" : "name")} it. " +
                "Promote another version to the alias, or roll it back, first.");
        }

        // Owned until the transaction ends: whoever wants to use the version meanwhile waits, and then finds it gone.
        FileStream own = _locks.TryOwn(row) ?? throw new StoreException(
            $"Cannot remove '{version.Reference}': it is in use (leased by a running process). Try again when its requests are done.");
        index.Delete(row);
        return (version, (IDisposable)own);
    });

    /// <inheritdoc/>
    public StoreVerification Verify(CancellationToken cancellationToken = default) =>
        Do("verify", () => new Verification(_paths, _database).Run(cancellationToken));

    /// <inheritdoc/>
    public StoreCollection Collect(CancellationToken cancellationToken = default) =>
        Do("collect garbage", () => new Collection(_paths, _disk, _database).Run(cancellationToken));

    /// <inheritdoc/>
    public AdapterVersion Export(string reference, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var hold = (AdapterHold)Hold(reference);
        return Do("export", () => new Exportation(_paths, _disk).Run(hold, folder, cancellationToken));
    }

    /// <inheritdoc/>
    public ModelFingerprint RecordBase(AdapterVersion version, ModelFingerprint model)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(model);
        return Resolve(version.Reference).Base
            ?? Change("record the base of", version.Reference, (index, row) => index.SetBase(row, model).Version.Base!);
    }

    /// <inheritdoc/>
    public IAdapterHold Hold(string reference)
    {
        AdapterReference parsed = AdapterReference.Parse(reference);
        string action = $"use '{reference}'";
        return Do(action, () => AdapterHold.Take(parsed, _paths, _database, _locks, new Patience(_time, Folder, action, CancellationToken.None)));
    }

    private T Find<T>(string action, string reference, Func<StoreIndex, VersionRow, T> step) where T : class
    {
        AdapterReference parsed = AdapterReference.Parse(reference);
        return Do($"{action} '{reference}'", () => _database.Read<T?>(index => step(index, index.Resolve(parsed)), null)
            ?? throw NotFound.InEmptyStore(parsed, Folder));
    }

    private T Change<T>(string action, string reference, Func<StoreIndex, VersionRow, T> step) =>
        Change(action, reference, (index, row) => (step(index, row), (IDisposable?)null));

    // What the step holds is let go only after its transaction has ended.
    private T Change<T>(string action, string reference, Func<StoreIndex, VersionRow, (T Result, IDisposable? Held)> step)
    {
        AdapterReference parsed = AdapterReference.Parse(reference);
        IDisposable? held = null;
        try
        {
            return Do($"{action} '{reference}'", () => _database.Change(index =>
            {
                (T result, held) = step(index, index.Resolve(parsed));
                return result;
            }, () => throw NotFound.InEmptyStore(parsed, Folder)));
        }
        finally
        {
            held?.Dispose();
        }
    }

    private T Do<T>(string action, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.Of(Folder, action, e);
        }
    }
}
