using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Runtime;

/// <summary>What <c>cycler(…)</c> makes: <c>next()</c> gives its items in turn.</summary>
internal sealed class Cycler(IReadOnlyList<object?> items) : IPyObject
{
    private int _position;

    public string TypeName => "Cycler";

    public string QualifiedName => "jinja2.utils.Cycler";

    public bool TryGetAttribute(string name, out object? value)
    {
        value = name switch
        {
            "current" => items[_position],
            "next" => new PyFunction("next", (_, _) => Next(), "method"),
            "reset" => new PyFunction("reset", (_, _) => Reset(), "method"),
            "items" => new PyTuple(items),
            "pos" => (BigInteger)_position,
            _ => null,
        };
        return name is "current" or "next" or "reset" or "items" or "pos";
    }

    private object? Next()
    {
        object? item = items[_position];
        _position = (_position + 1) % items.Count;
        return item;
    }

    private object? Reset()
    {
        _position = 0;
        return null;
    }
}
