using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>A function or bound method of ours.</summary>
internal sealed class PyFunction(string name, Func<Renderer, CallArguments, object?> body, string typeName = "builtin_function_or_method") : PyCallable
{
    public string Name { get; } = name;

    public override string TypeName { get; } = typeName;

    public override object? Call(Renderer renderer, CallArguments arguments) => body(renderer, arguments);
}
