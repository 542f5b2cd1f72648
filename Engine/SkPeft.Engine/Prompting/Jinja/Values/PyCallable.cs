using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>Something a template can call.</summary>
internal abstract class PyCallable
{
    public abstract string TypeName { get; }

    public abstract object? Call(Renderer renderer, CallArguments arguments);
}
