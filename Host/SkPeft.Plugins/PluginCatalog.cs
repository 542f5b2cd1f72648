namespace SkPeft.Plugins;

/// <summary>
/// The methods that the plugins in some folders offer. Plugins are loaded from memory into load contexts of their own, replaced while requests run, and
/// unloaded when the last request that began with them has ended.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A plugin is code with the rights of the process: contexts separate versions, they are no sandbox. A plugin that ends the
/// process, overflows the stack or throws on a thread of its own takes the host with it.
/// </remarks>
public sealed class PluginCatalog : IPeftMethodCatalog, IDisposable
{
    private readonly PluginRoots _roots;
    private readonly UnloadProver _prover;
    private readonly PluginShelf _shelf;
    private readonly PluginWatcher? _watcher;
    private readonly EventSink _events;
    private volatile bool _isDisposed;

    private PluginCatalog(PluginOptions options, EventSink events, TimeProvider time)
    {
        _roots = new PluginRoots(options.Folders);
        _prover = new UnloadProver(events, time, options.UnloadTimeout);
        PluginLoader loader = new(options, new AllowList(options.AllowList, options.AllowedSha256), events, _prover, time);
        _shelf = new PluginShelf(options, _roots, loader, new PluginSlots(_prover), events);
        _events = events;
        Remark();

        // The watcher notes how the folders look before they are read, so that a change in between is not missed.
        _watcher = options.Watch ? new PluginWatcher(_roots, _shelf, options, events, time) : null;
        Refresh();
        _watcher?.Start();
    }

    /// <summary>Loads what the folders hold. A plugin that cannot be loaded is an event and a line of <see cref="List"/>, not an exception.</summary>
    /// <param name="options">Folders, allow-list, times.</param>
    /// <param name="events">
    /// Hears of everything that happens to plugins, on whatever thread it happens. It should be quick, and may call <see cref="Acquire"/> and
    /// <see cref="List"/>, but not <see cref="Refresh"/>, <see cref="Reload"/> or <see cref="Dispose"/>.
    /// </param>
    /// <param name="time">The clock for watching and unloading.</param>
    /// <exception cref="InvalidOptionException">An option or an entry of the allow-list is not legal.</exception>
    public static PluginCatalog Open(PluginOptions options, Action<PluginEvent>? events = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        TimeProvider clock = time ?? TimeProvider.System;
        return new PluginCatalog(options, new EventSink(events, clock), clock);
    }

    /// <inheritdoc/>
    public IPeftMethodLease Acquire(string peftType)
    {
        ArgumentNullException.ThrowIfNull(peftType);
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            PluginInstance instance = _shelf.Methods.Find(peftType) ?? throw NotFound(peftType);
            if (instance.TryLease(peftType) is { } lease)
            {
                return lease;
            }

            // It was replaced and let go between the two lines above: the table has another one, or none, by now.
        }
    }

    /// <inheritdoc/>
    public PluginIdentity? Current(string peftType)
    {
        ArgumentNullException.ThrowIfNull(peftType);
        return _shelf.Methods.Find(peftType)?.Identity;
    }

    /// <summary>
    /// The plugins in service, the generations that are still leaving, and the files that were not loaded, by name. Never waits for a load.
    /// </summary>
    public IReadOnlyList<PluginInfo> List() => _shelf.Slots.Describe();

    /// <summary>Looks at the folders now, without waiting for the watcher: loads what is new or changed, withdraws what is gone.</summary>
    public void Refresh()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (string folder in _roots.Scan().Union(_shelf.Slots.All.Select(s => s.Folder), StringComparer.Ordinal))
        {
            _shelf.Look(folder);
        }
    }

    /// <summary>Takes other folders: loads what they hold, withdraws what lies in none of them.</summary>
    /// <param name="folders">The plugin folders, as <see cref="PluginOptions.Folders"/> describes them.</param>
    /// <exception cref="InvalidOptionException">An entry is empty.</exception>
    public void SetFolders(IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        new PluginOptions { Folders = folders }.Validate();
        _roots.Set(folders);
        Remark();
        Refresh();
    }

    /// <summary>Loads a plugin again from the files that are there now, changed or not, and returns the new generation.</summary>
    /// <param name="name">The plugin's name, which is its folder's.</param>
    /// <exception cref="PluginLoadException">There is no such plugin, or its files are not good; what was loaded before stays in service.</exception>
    public PluginIdentity Reload(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        string folder = _shelf.Slots.OfName(name)?.Folder
            ?? throw new PluginLoadException(name, $"there is no such folder in {string.Join(", ", _roots.Folders)}; there are {Names()}.");
        _shelf.Look(folder, force: true);
        PluginSlot? slot = _shelf.Slots.OfFolder(folder);
        return slot?.Failure?.Reason is { } reason
            ? throw new PluginLoadException(PluginFiles.MainPath(folder), reason)
            : slot?.Active?.Identity ?? throw new PluginLoadException(PluginFiles.MainPath(folder), "its folder was removed.");
    }

    /// <summary>Stops watching and offers nothing any more. Leases run on, and their plugins leave memory with them.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _watcher?.Dispose();
        _shelf.Close();
        _prover.Stop();
    }

    private void Remark()
    {
        foreach ((string folder, string remark) in _roots.Remarks())
        {
            _events.Warn(folder, remark);
        }
    }

    private string Names() => List() is { Count: > 0 } all ? string.Join(", ", all.Select(p => p.Name).Distinct()) : "none";

    private MethodNotFoundException NotFound(string peftType)
    {
        string[] types = [.. _shelf.Methods.PeftTypes];
        string offered = types.Length == 0
            ? $"No plugin is loaded from {string.Join(", ", _roots.Folders)}."
            : $"The loaded plugins read {string.Join(", ", types)}.";
        IEnumerable<string> failures = List().Where(p => p.Status == PluginStatus.Failed).Select(p => $"Plugin {p.Name} was not loaded: {p.Reason}");
        return new MethodNotFoundException(peftType, string.Join(" ", failures.Prepend(offered)));
    }
}
