using System.Collections.Concurrent;

namespace SkPeft.Plugins;

/// <summary>Notices changed plugins: by the file system's announcements, and by comparing folders now and then for what is not announced.</summary>
internal sealed class PluginWatcher : IDisposable
{
    private readonly PluginRoots _roots;
    private readonly PluginShelf _shelf;
    private readonly PluginOptions _options;
    private readonly EventSink _events;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, string> _stamps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FolderSettler> _settling = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _announced = new();
    private readonly Lock _turning = new();
    private readonly RootEvents _rootEvents;
    private readonly WakeUp _wakeUp;
    private DateTimeOffset _nextPoll;
    private volatile bool _isDisposed;

    public PluginWatcher(PluginRoots roots, PluginShelf shelf, PluginOptions options, EventSink events, TimeProvider time)
    {
        _roots = roots;
        _shelf = shelf;
        _options = options;
        _events = events;
        _time = time;
        _wakeUp = new WakeUp(time, Wake);
        _rootEvents = new RootEvents(roots, events, options.PollInterval, Announce, () => _wakeUp.At(_time.GetUtcNow()));
        foreach (string folder in roots.Scan())
        {
            _stamps[folder] = FolderStamp.Of(folder);
        }

        Listen();
    }

    public void Start()
    {
        lock (_turning)
        {
            _nextPoll = _time.GetUtcNow() + _options.PollInterval;
            _wakeUp.At(_nextPoll);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _wakeUp.Dispose();

        // A load that runs is waited for: afterwards nothing is loaded any more.
        lock (_turning)
        {
            _rootEvents.Dispose();
        }
    }

    private void Wake()
    {
        // A load may take longer than the time between two alarms; the one in between has nothing to add.
        if (!_turning.TryEnter())
        {
            _wakeUp.At(_time.GetUtcNow() + _options.PollInterval);
            return;
        }

        try
        {
            if (!_isDisposed)
            {
                Turn(_time.GetUtcNow());
            }
        }
        catch (Exception e)
        {
            // Nobody awaits a timer: what goes wrong here would otherwise go nowhere, or end the process.
            _events.Warn(
                string.Join(", ", _roots.Folders), $"Watching plugins failed with {FaultText.Of(e)} It goes on with the next look at the folders.");
        }
        finally
        {
            _wakeUp.At(_settling.Values.Select(s => s.Due).Append(_nextPoll).Min());
            _turning.Exit();
        }
    }

    private void Turn(DateTimeOffset now)
    {
        if (now >= _nextPoll)
        {
            _nextPoll = now + _options.PollInterval;
            Listen();
            Poll(now);
        }

        while (_announced.TryDequeue(out string? folder))
        {
            Notice(folder, now);
        }

        foreach ((string folder, FolderSettler settler) in _settling.ToArray())
        {
            if (settler.Advance(now, () => FolderLook.At(folder, _options.MaxPluginBytes).Fingerprint) is { } fingerprint)
            {
                Settle(folder, settler, fingerprint, now);
            }
        }
    }

    private void Settle(string folder, FolderSettler settler, string fingerprint, DateTimeOffset now)
    {
        if (!_shelf.Look(folder, expected: fingerprint))
        {
            settler.Notice(now);
            return;
        }

        _settling.Remove(folder);
        if (FolderLook.WasRefused(fingerprint))
        {
            // Permissions and locks change without a trace in the stamp: compared anew by the next poll.
            _stamps.Remove(folder);
        }
    }

    private void Poll(DateTimeOffset now)
    {
        IEnumerable<string> known = _shelf.Slots.All.Select(s => s.Folder).Concat(_stamps.Keys.ToArray());
        foreach (string folder in _roots.Scan().Union(known, StringComparer.Ordinal))
        {
            string stamp = FolderStamp.Of(folder);
            if (_stamps.GetValueOrDefault(folder) != stamp)
            {
                _stamps[folder] = stamp;
                Notice(folder, now);
            }
        }

        foreach (string gone in _stamps.Where(s => s.Value.Length == 0).Select(s => s.Key).ToArray())
        {
            _stamps.Remove(gone);
        }
    }

    private void Notice(string folder, DateTimeOffset now)
    {
        if (!_settling.TryGetValue(folder, out FolderSettler? settler))
        {
            settler = new FolderSettler(_options.Debounce);
            _settling.Add(folder, settler);
        }

        settler.Notice(now);
    }

    private void Listen()
    {
        if (_options.UseFileSystemEvents)
        {
            _rootEvents.Listen();
        }
    }

    private void Announce(string folder)
    {
        _announced.Enqueue(folder);
        _wakeUp.At(_time.GetUtcNow() + (_options.Debounce / 4));
    }
}
