using SkPeft.Adapters.Store.Killable;

namespace SkPeft.Adapters.Store.Tests;

/// <summary>What a store should do, said in the simplest way: dictionaries and lists in memory.</summary>
internal sealed class StoreModel
{
    private readonly Dictionary<string, int> _last = [];
    private readonly SortedDictionary<(string Name, int Number), string> _content = [];

    // The current target is the last of the list.
    private readonly SortedDictionary<(string Name, string Alias), List<int>> _aliases = [];

    public StoreModel()
    {
    }

    private StoreModel(StoreModel other)
    {
        _last = new(other._last);
        _content = new(other._content);
        _aliases = new(other._aliases.ToDictionary(a => a.Key, a => a.Value.ToList()));
    }

    public StoreModel Copy() => new(this);

    /// <summary>The answer to a command of <see cref="StoreCommand"/>, without messages.</summary>
    public string Run(string line)
    {
        string[] words = line.Split(' ');
        return words[0] switch
        {
            "add" => Add(words[1], words[2]),
            "promote" => Promote(words[1], words[2]),
            "rollback" => Rollback(words[1], words[2]),
            "remove" => Remove(words[1]),
            "gc" => "ok 0",
            "verify" => "ok sound",
            _ => throw new ArgumentException(line),
        };
    }

    /// <summary>The state as text, in the same words as <see cref="Describe(IAdapterStore, Func{string, string})"/>.</summary>
    public string Describe() => string.Join('\n', _content.Select(c =>
        $"{c.Key.Name}@{c.Key.Number} is {c.Value}" + string.Concat(_aliases
            .Where(a => a.Key.Name == c.Key.Name && a.Value[^1] == c.Key.Number)
            .Select(a => $", {a.Key.Alias} after {string.Join(' ', a.Value.SkipLast(1).Reverse())}"))));

    /// <summary>A store's state as text.</summary>
    /// <param name="store">The store.</param>
    /// <param name="folderOf">The folder that has this digest.</param>
    public static string Describe(IAdapterStore store, Func<string, string> folderOf) => string.Join('\n', store.List().Select(l =>
        $"{l.Version.Reference} is {folderOf(l.Version.Digest)}" + string.Concat(store.Show(l.Version.Reference).Aliases
            .Select(a => $", {a.Alias} after {string.Join(' ', a.Earlier)}"))));

    private string Add(string name, string folder)
    {
        int same = _content.Where(c => c.Key.Name == name && c.Value == folder).Select(c => c.Key.Number).LastOrDefault();
        if (same > 0)
        {
            return $"ok {name}@{same} old";
        }

        _last[name] = _last.GetValueOrDefault(name) + 1;
        _content[(name, _last[name])] = folder;
        return $"ok {name}@{_last[name]} new";
    }

    private string Promote(string reference, string alias)
    {
        if (Resolve(reference) is not var (name, number))
        {
            return "refused adapter-not-found";
        }

        if (!_aliases.TryGetValue((name, alias), out List<int>? targets))
        {
            _aliases[(name, alias)] = [number];
            return $"ok none>{number}";
        }

        int from = targets[^1];
        if (from != number)
        {
            targets.Add(number);
        }

        return $"ok {from}>{number}";
    }

    private string Rollback(string name, string alias)
    {
        if (!_aliases.TryGetValue((name, alias), out List<int>? targets))
        {
            return "refused adapter-not-found";
        }

        if (targets.Count == 1)
        {
            return "refused store";
        }

        int from = targets[^1];
        targets.RemoveAt(targets.Count - 1);
        return $"ok {from}>{targets[^1]}";
    }

    private string Remove(string reference)
    {
        if (Resolve(reference) is not var (name, number))
        {
            return "refused adapter-not-found";
        }

        if (_aliases.Any(a => a.Key.Name == name && a.Value[^1] == number))
        {
            return "refused store";
        }

        _content.Remove((name, number));
        foreach (List<int> targets in _aliases.Where(a => a.Key.Name == name).Select(a => a.Value))
        {
            targets.RemoveAll(t => t == number);
            for (int i = targets.Count - 1; i > 0; i--)
            {
                if (targets[i] == targets[i - 1])
                {
                    targets.RemoveAt(i);
                }
            }
        }

        return $"ok {name}@{number}";
    }

    private (string Name, int Number)? Resolve(string reference)
    {
        string[] parts = reference.Split('@');
        string name = parts[0];
        int newest = _content.Keys.Where(k => k.Name == name).Select(k => k.Number).LastOrDefault();
        int number = parts.Length == 1 ? _aliases.TryGetValue((name, "prod"), out List<int>? prod) ? prod[^1] : newest
            : int.TryParse(parts[1], out int n) ? n
            : parts[1] == "latest" ? newest
            : _aliases.TryGetValue((name, parts[1]), out List<int>? targets) ? targets[^1] : 0;
        return _content.ContainsKey((name, number)) ? (name, number) : null;
    }
}
