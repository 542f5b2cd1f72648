namespace SkPeft.Plugins;

/// <summary>What is known of each plugin's folder, and who is still leaving. Short locks only: never held while a plugin's code runs.</summary>
internal sealed class PluginSlots(UnloadProver prover)
{
    private readonly Lock _lock = new();
    private readonly List<PluginSlot> _slots = [];
    private readonly List<PluginInstance> _draining = [];

    public IReadOnlyList<PluginSlot> All => Locked(_slots.ToArray);

    public PluginSlot? OfFolder(string folder) => Locked(() => _slots.Find(s => string.Equals(s.Folder, folder, StringComparison.Ordinal)));

    public PluginSlot? OfName(string name) => Locked(() => _slots.Find(s => s.IsNamed(name)));

    /// <summary>Another folder that serves a plugin of this slot's name.</summary>
    public PluginSlot? Rival(PluginSlot slot) => Locked(() => _slots.Find(s => s != slot && s.Active is not null && s.IsNamed(slot.Name)));

    public PluginSlot Ensure(string folder) => Locked(() =>
    {
        PluginSlot? slot = _slots.Find(s => string.Equals(s.Folder, folder, StringComparison.Ordinal));
        if (slot is null)
        {
            slot = new PluginSlot(folder);
            _slots.Add(slot);
        }

        return slot;
    });

    public void Remove(PluginSlot slot) => Locked(() => _slots.Remove(slot));

    public void SetFailure(PluginSlot slot, PluginInfo? failure) => Locked(() => slot.Failure = failure);

    /// <summary>Puts a generation, or none, into service, and lists the one before it as draining.</summary>
    public void SetActive(PluginSlot slot, PluginInstance? next, string? fingerprint) => Locked(() =>
    {
        _draining.RemoveAll(i => i.IsGone);
        if (slot.Active is not null)
        {
            _draining.Add(slot.Active);
        }

        slot.Active = next;
        slot.ActiveFingerprint = fingerprint;
        slot.Failure = null;
        return slot;
    });

    public IReadOnlyList<PluginInfo> Describe() => Locked<IReadOnlyList<PluginInfo>>(() =>
    [
        .. _slots.Where(s => s.Active is not null).Select(s => s.Active!.Describe())
            .Concat(_slots.Where(s => s.Failure is not null).Select(s => s.Failure!))
            .Concat(_draining.Where(i => !i.IsGone).Select(i => i.Describe()))
            // A refused generation has its line already; it gets a second one only where it does not leave.
            .Concat(prover.InMemory.Where(r => !r.WasRefused || r.HeldBy is not null).Select(r => r.Describe()))
            .OrderBy(i => i.Name, StringComparer.Ordinal).ThenBy(i => i.Status).ThenBy(i => i.Generation),
    ]);

    private T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return action();
        }
    }
}
