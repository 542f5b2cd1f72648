using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>A variable.</summary>
internal sealed class Name(int line, string id) : Expression(line)
{
    public string Id { get; } = id;

    protected override object? Compute(Renderer renderer) => renderer.Resolve(Id);
}
