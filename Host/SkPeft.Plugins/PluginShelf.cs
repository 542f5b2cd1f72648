namespace SkPeft.Plugins;

/// <summary>
/// The plugins of this process: looks at folders, puts new generations beside old ones, swaps them, and keeps the old where the new is no good.
/// </summary>
internal sealed class PluginShelf(PluginOptions options, PluginRoots roots, PluginLoader loader, PluginSlots slots, EventSink events)
{
    // Held while a plugin loads and tests itself, so possibly for seconds; never by those who acquire methods or list plugins.
    private readonly Lock _loading = new();
    private readonly Dictionary<string, int> _generations = new(StringComparer.Ordinal);
    private volatile MethodTable _methods = MethodTable.Empty;
    private bool _isClosed;

    public MethodTable Methods => _methods;

    public PluginSlots Slots => slots;

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

            // A folder that is none of ours any more is as good as gone.
            if (look.IsGone || !roots.Hold(folder))
            {
                Withdraw(folder);
            }
            else if (slots.Ensure(folder) is { } slot && IsNews(slot, look, force))
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
            foreach (PluginSlot slot in slots.All)
            {
                Replace(slot, null, null);
            }
        }
    }

    private bool IsNews(PluginSlot slot, FolderLook look, bool force)
    {
        if (!force && look.Fingerprint == slot.Attempted)
        {
            return false;
        }

        slot.Attempted = look.Fingerprint;
        if (!force && look.Fingerprint == slot.ActiveFingerprint)
        {
            // A broken file was put back as it was.
            slots.SetFailure(slot, null);
            return false;
        }

        slot.RetryWhenOthersLeave = false;
        return true;
    }

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
        if (slots.Rival(slot) is { } rival)
        {
            slot.RetryWhenOthersLeave = true;
            throw new PluginRefusal($"a plugin of this name is already loaded from {rival.Folder}; remove one of the two.");
        }
    }

    private void Swap(PluginSlot slot, PluginInstance next, string fingerprint)
    {
        PluginInstance? old = slot.Active;
        try
        {
            _methods = _methods.Replace(old, next);
        }
        catch (PluginRefusal)
        {
            next.Retire();
            slot.RetryWhenOthersLeave = true;
            throw;
        }

        Replace(slot, next, fingerprint);
        string name = RetiredPlugin.NameOf(next.Identity);
        if (old is null)
        {
            events.Raise(PluginEventKind.Loaded, slot.Name, $"{name} was loaded: {next.PeftTypes}.", next.Identity);
        }
        else
        {
            string place = $"{old.Identity.Version} (generation {old.Identity.Generation})";
            events.Raise(PluginEventKind.Reloaded, slot.Name, $"{name} takes the place of {place}: {next.PeftTypes}.", next.Identity);
        }

        RetryOthers(old, next);
    }

    private void Refuse(PluginSlot slot, FolderLook look, AllowListVerdict verdict, string reason)
    {
        PluginIdentity? active = slot.Active?.Identity;
        string path = PluginFiles.MainPath(slot.Folder);
        slots.SetFailure(slot, new PluginInfo
        {
            Name = slot.Name,
            Status = PluginStatus.Failed,
            Path = path,
            Sha256 = look.Files?.Main.Sha256,
            AllowList = verdict,
            Reason = reason,
        });
        string stays = active is null ? "" : $" Version {active.Version} (generation {active.Generation}), loaded before, stays in service.";
        events.Raise(PluginEventKind.Refused, slot.Name, $"Plugin {slot.Name} ({path}) was not loaded: {reason}{stays}", active);
    }

    private void Withdraw(string folder)
    {
        if (slots.OfFolder(folder) is not { } slot)
        {
            return;
        }

        slots.Remove(slot);
        if (slot.Active is { } old)
        {
            _methods = _methods.Replace(old, null);
            Replace(slot, null, null);
            events.Raise(
                PluginEventKind.Withdrawn, slot.Name,
                $"{RetiredPlugin.NameOf(old.Identity)} was removed from {folder}: {old.PeftTypes} serves no new requests.", old.Identity);
            RetryOthers(old, null);
        }
    }

    private void Replace(PluginSlot slot, PluginInstance? next, string? fingerprint)
    {
        PluginInstance? old = slot.Active;
        slots.SetActive(slot, next, fingerprint);
        old?.Retire();
    }

    /// <summary>Where types or a name have become free, those who were refused for them get another try.</summary>
    private void RetryOthers(PluginInstance? old, PluginInstance? next)
    {
        if (old is null || (next is not null && old.Methods.All(m => next.Reads(m.PeftType))))
        {
            return;
        }

        foreach (PluginSlot slot in slots.All.Where(s => s.RetryWhenOthersLeave))
        {
            Look(slot.Folder, force: true);
        }
    }
}
