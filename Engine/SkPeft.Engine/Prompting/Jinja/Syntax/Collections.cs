using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary><c>[a, b]</c>.</summary>
internal sealed class ListLiteral(int line, IReadOnlyList<Expression> items) : Expression(line)
{
    protected override object? Compute(Renderer renderer) => new PyList(renderer.EvaluateAll(items));
}

/// <summary><c>(a, b)</c>, also without the parentheses; as a target, what it unpacks into.</summary>
internal sealed class TupleLiteral(int line, IReadOnlyList<Expression> items) : Expression(line)
{
    public IReadOnlyList<Expression> Items { get; } = items;

    protected override object? Compute(Renderer renderer) => new PyTuple(renderer.EvaluateAll(Items));
}

/// <summary><c>{a: b}</c>.</summary>
internal sealed class DictLiteral(int line, IReadOnlyList<KeyValuePair<Expression, Expression>> items) : Expression(line)
{
    protected override object? Compute(Renderer renderer)
    {
        renderer.Budget.Items(items.Count);
        PyDict dict = new(renderer.Budget);
        foreach ((Expression key, Expression value) in items)
        {
            dict.Set(key.Evaluate(renderer), value.Evaluate(renderer));
        }

        return dict;
    }
}
