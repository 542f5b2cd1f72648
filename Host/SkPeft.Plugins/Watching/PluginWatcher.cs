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
    private readonly Dictionary<string, FolderEvents?> _announcers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _announced = new();
    private readonly Lock _scheduling = new();
    private readonly Lock _ticking = new();
    private readonly ITimer _timer;
    private DateTimeOffset _nextPoll;
    private DateTimeOffset _due = DateTimeOffset.MaxValue;
    private volatile bool _isDisposed;

    public PluginWatcher(PluginRoots roots, PluginShelf shelf, PluginOptions options, EventSink events, TimeProvider time)
    {
        _roots = roots;
        _shelf = shelf;
        _options = options;
        _events = events;
        _time = time;
        _timer = time.CreateTimer(static s => ((PluginWatcher)s!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (string folder in roots.Scan())
        {
            _stamps[folder] = FolderStamp.Of(folder);
        }

        Listen();
    }

    public void Start()
    {
        lock (_ticking)
        {
            _nextPoll = _time.GetUtcNow() + _options.PollInterval;
        }

        Schedule(_nextPoll);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _timer.Dispose();

        // A load that runs is waited for: afterwards nothing is loaded any more.
        lock (_ticking)
        {
            foreach (FolderEvents? announcer in _announcers.Values)
            {
                announcer?.Dispose();
            }

            _announcers.Clear();
        }
    }

    private void Tick()
    {
        lock (_scheduling)
        {
            _due = DateTimeOffset.MaxValue;
        }

        // A load may take longer than the timer's period; the turn in between has nothing to add.
        if (!_ticking.TryEnter())
        {
            Schedule(_time.GetUtcNow() + _options.PollInterval);
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
            _events.Warn(string.Join(", ", _roots.Folders), $"Watching plugins failed with {FaultText.Of(e)} It goes on with the next look at the folders.");
        }
        finally
        {
            _ticking.Exit();
            Schedule(NextDue());
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
        foreach (string folder in _roots.Scan().Union(_shelf.Folders, StringComparer.Ordinal).Union(_stamps.Keys.ToArray(), StringComparer.Ordinal))
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

    /// <summary>Listens to the roots that exist; one that is created later is found by polling, and listened to from then on.</summary>
    private void Listen()
    {
        foreach (string root in _options.UseFileSystemEvents ? _roots.Folders : [])
        {
            bool exists = Directory.Exists(root);
            if (exists && !_announcers.ContainsKey(root))
            {
                _announcers[root] = TryListen(root);
            }
            else if (!exists && _announcers.Remove(root, out FolderEvents? announcer))
            {
                announcer?.Dispose();
            }
        }
    }

    private FolderEvents? TryListen(string root)
    {
        try
        {
            return new FolderEvents(root, Announce, _ => Schedule(_time.GetUtcNow()));
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            _events.Warn(root, $"The file system does not announce changes of {root} ({e.Message.TrimEnd('.')}); it is compared every {_options.PollInterval.TotalSeconds:0.###} s instead.");
            return null;
        }
    }

    private void Announce(string folder)
    {
        _announced.Enqueue(folder);
        Schedule(_time.GetUtcNow() + (_options.Debounce / 4));
    }

    private DateTimeOffset NextDue()
    {
        lock (_ticking)
        {
            return _settling.Values.Select(s => s.Due).Append(_nextPoll).Min();
        }
    }

    /// <summary>Wakes the watcher at this time, or earlier where that was asked for before.</summary>
    private void Schedule(DateTimeOffset at)
    {
        lock (_scheduling)
        {
            if (_isDisposed || at >= _due)
            {
                return;
            }

            _due = at;
            TimeSpan wait = at - _time.GetUtcNow();
            _timer.Change(wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }
}
