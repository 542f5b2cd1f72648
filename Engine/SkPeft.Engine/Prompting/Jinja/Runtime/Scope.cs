namespace SkPeft.Engine.Prompting.Jinja.Runtime;

/// <summary>Names and values of a loop body, macro, block …; names not found are looked for in the scope around it.</summary>
internal sealed class Scope(Scope? parent)
{
    private Dictionary<string, object?>? _values;

    public Scope? Parent { get; } = parent;

    public void Set(string name, object? value) => (_values ??= new(StringComparer.Ordinal))[name] = value;

    public bool TryGet(string name, out object? value)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._values is not null && scope._values.TryGetValue(name, out value))
            {
                return true;
            }
        }

        value = null;
        return false;
    }
}
