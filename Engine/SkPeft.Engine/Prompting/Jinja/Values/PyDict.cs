using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>A Python dict: insertion order, the keys' Python equality. Templates cannot change one after it is made.</summary>
internal sealed class PyDict(Budget budget)
{
    private readonly Dictionary<PyKey, int> _index = [];
    private readonly List<KeyValuePair<object?, object?>> _entries = [];

    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries;

    public int Count => _entries.Count;

    public void Set(object? key, object? value)
    {
        PyKey hashed = new(key, budget);
        if (_index.TryGetValue(hashed, out int at))
        {
            _entries[at] = new(_entries[at].Key, value);
        }
        else
        {
            _index.Add(hashed, _entries.Count);
            _entries.Add(new(key, value));
        }
    }

    public bool TryGet(object? key, out object? value)
    {
        bool found = _index.TryGetValue(new PyKey(key, budget), out int at);
        value = found ? _entries[at].Value : null;
        return found;
    }

    public bool TryGet(string key, out object? value) => TryGet(PyString.Trusted(key), out value);
}
