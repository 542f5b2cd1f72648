namespace SkPeft.Adapters.Store.Tests;

/// <summary>Random commands over few names, versions and aliases, so that they often meet.</summary>
internal sealed class CommandSource
{
    private static readonly string[] s_names = ["a", "b"], s_aliases = ["prod", "staging"];
    private readonly string[] _folders;
    private readonly Dictionary<string, string> _folderByDigest;

    public CommandSource(Func<int, string> sample, int samples)
    {
        _folders = [.. Enumerable.Range(1, samples).Select(sample)];
        _folderByDigest = _folders.ToDictionary(f => AdapterFolder.Open(f).Digest);
    }

    public string FolderOf(string digest) => _folderByDigest[digest];

    public string Next(Func<int, int> below)
    {
        string name = s_names[below(2)];
        string alias = s_aliases[below(2)];
        string reference = below(8) switch { 0 => name, 1 => $"{name}@latest", 2 => $"{name}@{alias}", _ => $"{name}@{below(7) + 1}" };
        return below(10) switch
        {
            < 4 => $"add {name} {_folders[below(_folders.Length)]}",
            4 or 5 => $"promote {reference} {alias}",
            6 => $"rollback {name} {alias}",
            7 or 8 => $"remove {reference}",
            _ => "gc",
        };
    }
}
