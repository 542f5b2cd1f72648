namespace SkPeft.Plugins;

/// <summary>What the file system announces about one plugin folder, reduced to "this plugin's folder may have changed".</summary>
internal sealed class FolderEvents : IDisposable
{
    private readonly string _root;
    private readonly Action<string> _changed;
    private readonly FileSystemWatcher _watcher;

    /// <summary>Begins to listen.</summary>
    /// <param name="root">The folder that holds plugins.</param>
    /// <param name="changed">Called with a plugin's folder.</param>
    /// <param name="lost">Called when announcements were lost, and somebody should look for himself.</param>
    /// <exception cref="IOException">The system has no watches left.</exception>
    public FolderEvents(string root, Action<string> changed, Action lost)
    {
        _root = root;
        _changed = changed;
        _watcher = new FileSystemWatcher(root)
        {
            IncludeSubdirectories = true,
            NotifyFilter =
                NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime,
        };
        _watcher.Changed += (_, e) => Notice(e.FullPath);
        _watcher.Created += (_, e) => Notice(e.FullPath);
        _watcher.Deleted += (_, e) => Notice(e.FullPath);
        _watcher.Renamed += (_, e) =>
        {
            Notice(e.OldFullPath);
            Notice(e.FullPath);
        };
        _watcher.Error += (_, _) => lost();
        _watcher.EnableRaisingEvents = true;
    }

    public void Dispose() => _watcher.Dispose();

    /// <summary>The plugin's folder that a path is about; null where the path does not matter.</summary>
    internal static string? PluginFolderOf(string root, string path)
    {
        string[] parts = Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar);
        bool matters = parts.Length switch
        {
            1 => parts[0] is not ("." or ".."),
            2 => PluginFiles.IsAssemblyName(parts[1]),
            _ => false,
        };
        return matters && !parts[0].StartsWith('.') ? Path.Combine(root, parts[0]) : null;
    }

    private void Notice(string path)
    {
        if (PluginFolderOf(_root, path) is { } folder)
        {
            _changed(folder);
        }
    }
}
