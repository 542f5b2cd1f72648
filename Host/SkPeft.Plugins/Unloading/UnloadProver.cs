using System.Runtime.CompilerServices;

namespace SkPeft.Plugins;

/// <summary>
/// Unloads contexts and proves it. The runtime unloads when nothing refers to a context any more, and says nothing: a weak reference that has died
/// is the proof, and one that has not died in time is a leak that somebody must hear of.
/// </summary>
internal sealed class UnloadProver(EventSink events, TimeProvider time, TimeSpan limit)
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_heldWait = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly List<Pending> _pending = [];
    private bool _running;
    private volatile bool _stopped;

    /// <summary>The generations that are on their way out, or held.</summary>
    public IReadOnlyList<RetiredPlugin> InMemory
    {
        get
        {
            lock (_lock)
            {
                return [.. _pending.Select(p => p.Plugin)];
            }
        }
    }

    /// <summary>Asks the runtime to unload the context, and watches it go. The caller must drop its own reference.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Unload(PluginLoadContext context, RetiredPlugin plugin)
    {
        try
        {
            context.Unload();
        }
        catch (Exception e)
        {
            // The plugin may listen to Unloading, and throw there.
            events.Warn(plugin.Identity.Name, $"{RetiredPlugin.NameOf(plugin.Identity)}: a handler of its unloading failed with {FaultText.Of(e)}");
        }

        Pending pending = new(plugin, new WeakReference(context, trackResurrection: true), time.GetTimestamp());
        lock (_lock)
        {
            _pending.Add(pending);
            if (_running)
            {
                return;
            }

            _running = true;
        }

        // A flow of its own: the caller's AsyncLocals must not live as long as the proof takes.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(ProveAsync);
        }
    }

    /// <summary>What is held is no longer asked about; what is on its way out still is, up to the limit.</summary>
    public void Stop() => _stopped = true;

    private async Task ProveAsync()
    {
        TimeSpan wait = s_firstWait;
        while (true)
        {
            bool due = Look(out bool fresh);
            lock (_lock)
            {
                if (_pending.Count == 0 || (_stopped && _pending.TrueForAll(p => p.Plugin.HeldBy is not null)))
                {
                    _running = false;
                    return;
                }
            }

            // Collections are forced only while a proof is due; what is known to be held dies with an ordinary one, and is looked at now and then.
            wait = !due ? s_heldWait : fresh ? s_firstWait : wait * 2 < s_longestWait ? wait * 2 : s_longestWait;
            await Task.Delay(wait, time).ConfigureAwait(false);
        }
    }

    /// <summary>One look at all of them.</summary>
    /// <param name="fresh">True where one was looked at for the first time.</param>
    /// <returns>True while a proof is due.</returns>
    private bool Look(out bool fresh)
    {
        Pending[] pending;
        lock (_lock)
        {
            pending = [.. _pending];
        }

        fresh = Array.Exists(pending, p => !p.Seen);
        if (Array.Exists(pending, p => p.Plugin.HeldBy is null))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        }

        bool due = false;
        foreach (Pending one in pending)
        {
            due |= IsDue(one);
        }

        return due;
    }

    private bool IsDue(Pending one)
    {
        one.Seen = true;
        TimeSpan after = time.GetElapsedTime(one.Since);
        PluginIdentity identity = one.Plugin.Identity;
        if (!one.Context.IsAlive)
        {
            lock (_lock)
            {
                _pending.Remove(one);
            }

            events.Raise(
                PluginEventKind.Unloaded, identity.Name,
                $"{RetiredPlugin.NameOf(identity)} was unloaded: its context was seen dead {after.TotalMilliseconds:0} ms after it was no longer needed.",
                identity);
            return false;
        }

        if (one.Plugin.HeldBy is not null)
        {
            return false;
        }

        if (after < limit)
        {
            return true;
        }

        string holders = one.Plugin.MarkHeld();
        events.Raise(
            PluginEventKind.StillHeld, identity.Name,
            $"{RetiredPlugin.NameOf(identity)} is still in memory {after.TotalSeconds:0.0} s after it was no longer needed: {holders}.",
            identity);
        return false;
    }

    private sealed class Pending(RetiredPlugin plugin, WeakReference context, long since)
    {
        public RetiredPlugin Plugin { get; } = plugin;

        public WeakReference Context { get; } = context;

        public long Since { get; } = since;

        public bool Seen { get; set; }
    }
}
