using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>A parameter of a macro.</summary>
internal sealed record MacroParameter(string Name, Expression? Default);

/// <summary>A macro as it is written; a call block's body is one without a name.</summary>
internal sealed class MacroDefinition(string? name, IReadOnlyList<MacroParameter> parameters, Block body, bool usesCaller, bool usesKwargs, bool usesVarargs)
{
    public string? Name { get; } = name;

    public IReadOnlyList<MacroParameter> Parameters { get; } = parameters;

    public Block Body { get; } = body;

    /// <summary>True where the body speaks of <c>caller</c>.</summary>
    public bool UsesCaller { get; } = usesCaller;

    /// <summary>True where the body speaks of <c>kwargs</c>: only then may there be unknown keyword arguments.</summary>
    public bool UsesKwargs { get; } = usesKwargs && !parameters.Any(p => p.Name == "kwargs");

    /// <summary>True where the body speaks of <c>varargs</c>: only then may there be too many arguments.</summary>
    public bool UsesVarargs { get; } = usesVarargs && !parameters.Any(p => p.Name == "varargs");

    public bool HasParameter(string parameter) => Parameters.Any(p => p.Name == parameter);
}

/// <summary><c>{% macro name(…) %}…{% endmacro %}</c>.</summary>
internal sealed class MacroStatement(int line, MacroDefinition definition) : Statement(line)
{
    protected override Flow Run(Renderer renderer)
    {
        renderer.Scope.Set(definition.Name!, new Macro(definition, renderer.Scope));
        return Flow.Normal;
    }
}

/// <summary><c>{% call(…) macro(…) %}…{% endcall %}</c>.</summary>
internal sealed class CallBlock(int line, Call call, MacroDefinition caller) : Statement(line)
{
    protected override Flow Run(Renderer renderer)
    {
        object? result = call.Invoke(renderer, new Macro(caller, renderer.Scope));
        renderer.Output.Append(PyText.Str(result, renderer.Budget));
        return Flow.Normal;
    }
}

/// <summary>
/// <c>{% generation %}</c>, Hugging Face's mark around what the assistant says: a call block's body, called once without arguments.
/// </summary>
internal sealed class GenerationBlock(int line, MacroDefinition body) : Statement(line)
{
    protected override Flow Run(Renderer renderer)
    {
        renderer.Output.Append(PyText.Str(renderer.Call(new Macro(body, renderer.Scope), CallArguments.None), renderer.Budget));
        return Flow.Normal;
    }
}

/// <summary>
/// A body with names of its own: <c>{% block %}</c>, which nothing can override here, and <c>{% autoescape false %}</c>.
/// </summary>
internal sealed class ScopedBlock(int line, Block body, bool fromRoot) : Statement(line)
{
    protected override Flow Run(Renderer renderer) =>
        renderer.In(new Scope(fromRoot ? renderer.Root : renderer.Scope), body);
}

/// <summary>A statement that needs what a chat template has not: other templates, or escaping. It is an error where it is reached.</summary>
internal sealed class RefusedStatement(int line, string tag, string why) : Statement(line)
{
    protected override Flow Run(Renderer renderer) => throw JinjaException.Runtime($"'{{% {tag} %}}' is not supported in a chat template: {why}");
}
