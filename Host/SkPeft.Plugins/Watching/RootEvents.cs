namespace SkPeft.Plugins;

/// <summary>Listens to those roots that exist; <see cref="Listen"/> is called now and then, for roots that come and go.</summary>
internal sealed class RootEvents(PluginRoots roots, EventSink events, TimeSpan pollInterval, Action<string> changed, Action lost) : IDisposable
{
    private readonly Dictionary<string, FolderEvents?> _listening = new(StringComparer.Ordinal);

    public void Listen()
    {
        foreach (string root in _listening.Keys.Except(roots.Folders, StringComparer.Ordinal).ToArray())
        {
            _listening.Remove(root, out FolderEvents? left);
            left?.Dispose();
        }

        foreach (string root in roots.Folders)
        {
            bool exists = Directory.Exists(root);
            if (exists && !_listening.ContainsKey(root))
            {
                _listening[root] = TryListen(root);
            }
            else if (!exists && _listening.Remove(root, out FolderEvents? stale))
            {
                stale?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (FolderEvents? one in _listening.Values)
        {
            one?.Dispose();
        }

        _listening.Clear();
    }

    private FolderEvents? TryListen(string root)
    {
        try
        {
            return new FolderEvents(root, changed, lost);
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            events.Warn(
                root,
                $"The file system does not announce changes of {root} ({e.Message.TrimEnd('.')}); " +
                $"it is compared every {pollInterval.TotalSeconds:0.###} s instead.");
            return null;
        }
    }
}
