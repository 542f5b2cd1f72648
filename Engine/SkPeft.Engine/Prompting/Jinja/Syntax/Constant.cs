using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>A literal.</summary>
internal sealed class Constant(int line, object? value) : Expression(line)
{
    protected override object? Compute(Renderer renderer) => value;
}
