namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>What <c>dict.keys()</c>, <c>values()</c> and <c>items()</c> return: it has a length, but no subscripts.</summary>
internal sealed class PyDictView(PyDict dict, PyDictView.Part part)
{
    public enum Part
    {
        Keys,
        Values,
        Items,
    }

    public PyDict Dict { get; } = dict;

    public Part What { get; } = part;

    public string TypeName => What switch { Part.Keys => "dict_keys", Part.Values => "dict_values", _ => "dict_items" };

    public IEnumerable<object?> Items() => Dict.Entries.Select(e => What switch
    {
        Part.Keys => e.Key,
        Part.Values => e.Value,
        _ => new PyTuple([e.Key, e.Value]),
    });
}
