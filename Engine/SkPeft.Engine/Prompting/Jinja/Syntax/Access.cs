using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary><c>a.name</c>.</summary>
internal sealed class AttributeAccess(int line, Expression owner, string name) : Expression(line)
{
    private readonly PyString _name = PyString.Trusted(name);

    protected override object? Compute(Renderer renderer)
    {
        object? value = owner.Evaluate(renderer);
        renderer.Line = Line;
        return PyAccess.Attribute(value, _name);
    }
}

/// <summary><c>a[key]</c>.</summary>
internal sealed class ItemAccess(int line, Expression owner, Expression key) : Expression(line)
{
    protected override object? Compute(Renderer renderer)
    {
        object? value = owner.Evaluate(renderer);
        object? index = key.Evaluate(renderer);
        renderer.Line = Line;
        return PyAccess.Item(value, index);
    }
}

/// <summary><c>a[start:stop:step]</c>.</summary>
internal sealed class SliceAccess(int line, Expression owner, Expression? start, Expression? stop, Expression? step) : Expression(line)
{
    protected override object? Compute(Renderer renderer)
    {
        object? value = owner.Evaluate(renderer);
        object? from = start?.Evaluate(renderer), to = stop?.Evaluate(renderer), by = step?.Evaluate(renderer);
        renderer.Line = Line;
        return PyAccess.Slice(value, from, to, by, renderer.Budget);
    }
}
