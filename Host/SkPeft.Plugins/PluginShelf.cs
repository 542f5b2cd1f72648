namespace SkPeft.Plugins;

/// <summary>The plugins of this process: looks at folders, puts new generations beside old ones, swaps them, and keeps the old where the new is no good.</summary>
internal sealed class PluginShelf(PluginOptions options, PluginLoader loader, UnloadProver prover, EventSink events)
{
    // Held while a plugin loads and tests itself, so possibly for seconds; never by those who acquire methods or list plugins.
    private readonly Lock _loading = new();
    private readonly Lock _state = new();
    private readonly List<PluginSlot> _slots = [];
    private readonly Dictionary<string, int> _generations = new(StringComparer.Ordinal);
    private readonly List<PluginInstance> _draining = [];
    private volatile MethodTable _methods = MethodTable.Empty;
    private bool _isClosed;

    public MethodTable Methods => _methods;

    public IReadOnlyList<string> Folders => InState(() => _slots.ConvertAll(s => s.Folder));

    public string? FolderOf(string name) => InState(() => _slots.Find(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase))?.Folder);

    public PluginIdentity? ActiveOf(string folder) => InState(() => Find(folder)?.Active?.Identity);

    public string? FailureOf(string folder) => InState(() => Find(folder)?.Failure?.Reason);

    public IReadOnlyList<PluginInfo> List() => InState<IReadOnlyList<PluginInfo>>(() =>
    [
        .. _slots.Where(s => s.Active is not null).Select(s => s.Active!.Describe())
            .Concat(_slots.Where(s => s.Failure is not null).Select(s => s.Failure!))
            .Concat(_draining.Where(i => !i.IsGone).Select(i => i.Describe()))
            // A refused generation has its line already; it gets a second one only where it does not leave.
            .Concat(prover.InMemory.Where(r => !r.WasRefused || r.HeldBy is not null).Select(r => r.Describe()))
            .OrderBy(i => i.Name, StringComparer.Ordinal).ThenBy(i => i.Status).ThenBy(i => i.Generation),
    ]);

    /// <summary>Compares the folder with what is loaded from it, and loads, reloads or withdraws.</summary>
    /// <param name="folder">The plugin's folder.</param>
    /// <param name="force">True: another generation even of unchanged files.</param>
    /// <param name="expected">The fingerprint that the caller saw; where it is no longer that, nothing happens.</param>
    /// <returns>False where the folder is not as expected.</returns>
    public bool Look(string folder, bool force = false, string? expected = null)
    {
        lock (_loading)
        {
            FolderLook look = FolderLook.At(folder, options.MaxPluginBytes);
            if (expected is not null && look.Fingerprint != expected)
            {
                return false;
            }

            if (_isClosed)
            {
                return true;
            }

            if (look.IsGone)
            {
                Withdraw(folder);
            }
            else if (Begin(folder, look, force) is { } slot)
            {
                Load(slot, look);
            }

            return true;
        }
    }

    /// <summary>Offers nothing any more; leases run on.</summary>
    public void Close()
    {
        lock (_loading)
        {
            _isClosed = true;
            _methods = MethodTable.Empty;
            foreach (PluginSlot slot in InState(() => _slots.ToArray()))
            {
                Retire(slot, null, null);
            }
        }
    }

    /// <summary>The slot to load into; null where there is nothing to do.</summary>
    private PluginSlot? Begin(string folder, FolderLook look, bool force) => InState(() =>
    {
        PluginSlot? slot = Find(folder);
        if (slot is null)
        {
            slot = new PluginSlot(folder);
            _slots.Add(slot);
        }

        if (!force && look.Fingerprint == slot.ActiveFingerprint)
        {
            // A broken file was put back as it was.
            slot.Attempted = look.Fingerprint;
            slot.Failure = null;
            return null;
        }

        if (!force && look.Fingerprint == slot.Attempted)
        {
            return null;
        }

        slot.Attempted = look.Fingerprint;
        slot.RetryWhenOthersLeave = false;
        return slot;
    });

    private void Load(PluginSlot slot, FolderLook look)
    {
        AllowListVerdict verdict = AllowListVerdict.NotChecked;
        try
        {
            PluginFiles files = look.Files ?? throw new PluginRefusal(look.Refusal!);
            loader.RequireAllowed(files, out verdict);
            RequireOwnName(slot);
            int generation = _generations.GetValueOrDefault(slot.Name) + 1;
            PluginInstance next = loader.Load(files, generation, verdict);
            _generations[slot.Name] = generation;
            Swap(slot, next, files.Fingerprint);
        }
        catch (PluginRefusal refusal)
        {
            Refuse(slot, look, verdict, refusal.Message);
        }
    }

    private void RequireOwnName(PluginSlot slot)
    {
        PluginSlot? other = InState(() => _slots.Find(s => s != slot && s.Active is not null && string.Equals(s.Name, slot.Name, StringComparison.OrdinalIgnoreCase)));
        if (other is not null)
        {
            slot.RetryWhenOthersLeave = true;
            throw new PluginRefusal($"a plugin of this name is already loaded from {other.Folder}; remove one of the two.");
        }
    }

    private void Swap(PluginSlot slot, PluginInstance next, string fingerprint)
    {
        PluginInstance? old = slot.Active;
        MethodTable table;
        try
        {
            table = _methods.Replace(old, next);
        }
        catch (PluginRefusal)
        {
            next.Retire();
            slot.RetryWhenOthersLeave = true;
            throw;
        }

        _methods = table;
        Retire(slot, next, fingerprint);
        string methods = string.Join(", ", next.Methods.Select(m => m.PeftType));
        events.Raise(
            old is null ? PluginEventKind.Loaded : PluginEventKind.Reloaded, slot.Name,
            old is null
                ? $"{RetiredPlugin.NameOf(next.Identity)} was loaded: {methods}."
                : $"{RetiredPlugin.NameOf(next.Identity)} takes the place of {old.Identity.Version} (generation {old.Identity.Generation}): {methods}.",
            next.Identity);
        RetryOthers(old, next);
    }

    private void Refuse(PluginSlot slot, FolderLook look, AllowListVerdict verdict, string reason)
    {
        PluginIdentity? active = slot.Active?.Identity;
        InState(() => slot.Failure = new PluginInfo
        {
            Name = slot.Name,
            Status = PluginStatus.Failed,
            Path = PluginFiles.MainPath(slot.Folder),
            Sha256 = look.Files?.Main.Sha256,
            AllowList = verdict,
            Reason = reason,
        });
        string stays = active is null ? "" : $" Version {active.Version} (generation {active.Generation}), loaded before, stays in service.";
        events.Raise(PluginEventKind.Refused, slot.Name, $"Plugin {slot.Name} ({PluginFiles.MainPath(slot.Folder)}) was not loaded: {reason}{stays}", active);
    }

    private void Withdraw(string folder)
    {
        PluginSlot? slot = InState(() => Find(folder));
        if (slot is null)
        {
            return;
        }

        InState(() => _slots.Remove(slot));
        PluginInstance? old = slot.Active;
        if (old is null)
        {
            return;
        }

        _methods = _methods.Replace(old, null);
        Retire(slot, null, null);
        events.Raise(
            PluginEventKind.Withdrawn, slot.Name,
            $"{RetiredPlugin.NameOf(old.Identity)} was removed from {folder}: {string.Join(", ", old.Methods.Select(m => m.PeftType))} serves no new requests.", old.Identity);
        RetryOthers(old, null);
    }

    private void Retire(PluginSlot slot, PluginInstance? next, string? fingerprint)
    {
        PluginInstance? old = slot.Active;
        InState(() =>
        {
            slot.Active = next;
            slot.ActiveFingerprint = fingerprint;
            slot.Failure = null;
            _draining.RemoveAll(i => i.IsGone);
            if (old is not null)
            {
                _draining.Add(old);
            }

            return 0;
        });
        old?.Retire();
    }

    /// <summary>Where types or a name have become free, those who were refused for them get another try.</summary>
    private void RetryOthers(PluginInstance? old, PluginInstance? next)
    {
        if (old is null || old.Methods.All(m => next is not null && next.Methods.Any(n => string.Equals(n.PeftType, m.PeftType, StringComparison.OrdinalIgnoreCase))))
        {
            return;
        }

        foreach (string folder in InState(() => _slots.FindAll(s => s.RetryWhenOthersLeave).ConvertAll(s => s.Folder)))
        {
            Look(folder, force: true);
        }
    }

    private PluginSlot? Find(string folder) => _slots.Find(s => string.Equals(s.Folder, folder, StringComparison.Ordinal));

    private T InState<T>(Func<T> read)
    {
        lock (_state)
        {
            return read();
        }
    }
}
