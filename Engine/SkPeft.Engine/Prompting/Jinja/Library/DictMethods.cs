using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>The methods of a dict. Those that change it are there, and refused, as in Jinja2's immutable sandbox.</summary>
internal static class DictMethods
{
    private static readonly Signature s_get = new("get", "/key", "/default?");

    public static PyCallable? Bind(PyDict dict, string name) => name switch
    {
        "get" => Method(name, (_, a) => s_get.Bind(a) is var b && dict.TryGet(b.Value(0), out object? found) ? found : b.Value(1)),
        "keys" => Method(name, (_, _) => new PyDictView(dict, PyDictView.Part.Keys)),
        "values" => Method(name, (_, _) => new PyDictView(dict, PyDictView.Part.Values)),
        "items" => Method(name, (_, _) => new PyDictView(dict, PyDictView.Part.Items)),
        "copy" => Method(name, (_, _) => dict),
        "pop" or "popitem" or "update" or "clear" or "setdefault" => Refused.Method("dict", name),
        _ => null,
    };

    private static PyFunction Method(string name, Func<Renderer, CallArguments, object?> body) => new(name, body);
}
