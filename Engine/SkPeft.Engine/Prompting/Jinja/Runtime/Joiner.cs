using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Runtime;

/// <summary>What <c>joiner(sep)</c> makes: nothing on the first call, the separator on every later one.</summary>
internal sealed class Joiner(object? separator) : PyCallable, IPyObject
{
    private bool _used;

    public override string TypeName => "Joiner";

    public string QualifiedName => "jinja2.utils.Joiner";

    public bool TryGetAttribute(string name, out object? value)
    {
        value = name switch { "sep" => separator, "used" => _used, _ => null };
        return name is "sep" or "used";
    }

    public override object? Call(Renderer renderer, CallArguments arguments)
    {
        bool used = _used;
        _used = true;
        return used ? separator : PyString.Empty;
    }
}
