namespace SkPeft.Http.Runs;

/// <summary>
/// The training runs beneath the folders that the settings name: such a folder itself, or one directly in it. A run is found by looking
/// through this list, so that no request can name a path.
/// </summary>
/// <param name="folders">Full paths.</param>
/// <param name="time">Tells a run that goes on from one that was interrupted.</param>
internal sealed class RunLibrary(IReadOnlyList<string> folders, TimeProvider time)
{
    private const int MostRuns = 200;

    // An evaluation between two steps may take a while.
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Length, DateTime Written, RunFile? File, string? Problem)> _read = new(StringComparer.Ordinal);

    public bool IsConfigured => folders.Count > 0;

    /// <summary>All runs, the one that changed last first; each with what its file says.</summary>
    public IReadOnlyList<(RunBody Body, RunFile File)> List()
    {
        lock (_gate)
        {
            FileInfo[] files = [.. folders.SelectMany(Files).DistinctBy(f => f.FullName).OrderByDescending(f => f.LastWriteTimeUtc).ThenBy(f => f.FullName, StringComparer.Ordinal).Take(MostRuns)];
            foreach (string gone in _read.Keys.Except(files.Select(f => f.FullName)).ToArray())
            {
                _read.Remove(gone);
            }

            Dictionary<string, int> names = new(StringComparer.Ordinal);
            return [.. files.OrderBy(f => f.FullName, StringComparer.Ordinal).Select(f => (File: f, Id: IdOf(f, names))).OrderBy(f => Array.IndexOf(files, f.File)).Select(f => Run(f.File, f.Id))];
        }
    }

    private static string IdOf(FileInfo file, Dictionary<string, int> names)
    {
        string name = file.Directory!.Name;
        int count = names[name] = names.GetValueOrDefault(name) + 1;
        return count == 1 ? name : $"{name}~{count}";
    }

    private static IEnumerable<FileInfo> Files(string folder)
    {
        DirectoryInfo root = new(folder);
        if (!root.Exists)
        {
            return [];
        }

        EnumerationOptions options = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return root.EnumerateDirectories("*", options).Prepend(root).Select(d => new FileInfo(Path.Combine(d.FullName, RunFile.Name))).Where(f => f.Exists && f.LinkTarget is null);
    }

    private (RunBody, RunFile) Run(FileInfo info, string id)
    {
        (RunFile? file, string? problem) = Read(info);
        file ??= new RunFile();
        DateTimeOffset changed = new(info.LastWriteTimeUtc, TimeSpan.Zero);
        RunState state = file.IsFinished ? RunState.Finished : problem is null && time.GetUtcNow() - changed < s_pause ? RunState.Running : RunState.Stopped;
        return (new RunBody(
            id, info.Directory!.Name, state, file.Method, file.Model, file.Steps, file.Losses.Count, file.StoppedEarly, file.Parameters, file.Lines,
            file.Losses.Count > 0 ? file.Losses[^1].Loss : null, file.Evaluations.Count > 0 ? file.Evaluations[^1] : null, changed, problem), file);
    }

    private (RunFile?, string?) Read(FileInfo info)
    {
        if (_read.TryGetValue(info.FullName, out (long Length, DateTime Written, RunFile? File, string? Problem) known) && known.Length == info.Length && known.Written == info.LastWriteTimeUtc)
        {
            return (known.File, known.Problem);
        }

        RunFile? file = null;
        string? problem = null;
        try
        {
            file = RunFile.Read(info.FullName);
        }
        catch (SkPeftException e)
        {
            problem = e.Message;
        }

        _read[info.FullName] = (info.Length, info.LastWriteTimeUtc, file, problem);
        return (file, problem);
    }
}
