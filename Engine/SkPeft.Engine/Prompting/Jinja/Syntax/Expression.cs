using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>An expression of a template. Immutable, so that one template renders many conversations at once.</summary>
internal abstract class Expression(int line)
{
    public int Line { get; } = line;

    /// <summary>The value; costs a step.</summary>
    public object? Evaluate(Renderer renderer)
    {
        renderer.Visit(Line);
        return Compute(renderer);
    }

    protected abstract object? Compute(Renderer renderer);
}
