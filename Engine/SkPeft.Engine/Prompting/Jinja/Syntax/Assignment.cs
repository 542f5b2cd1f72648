using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>Puts values to targets: names, attributes of namespaces, and tuples of them.</summary>
internal static class Assignment
{
    public static void Bind(Renderer renderer, Scope scope, Expression target, object? value)
    {
        switch (target)
        {
            case Name name:
                scope.Set(name.Id, value);
                break;
            case NamespaceTarget attribute:
                attribute.Resolve(renderer).Attributes.Set(PyString.Trusted(attribute.Attribute), value);
                break;
            case TupleLiteral tuple:
                Unpack(renderer, scope, tuple, value);
                break;
        }
    }

    private static void Unpack(Renderer renderer, Scope scope, TupleLiteral targets, object? value)
    {
        if (!PyIteration.IsIterable(value))
        {
            throw JinjaException.Type($"cannot unpack non-iterable {PyType.NameOf(value)} object");
        }

        IReadOnlyList<object?> values = PyIteration.ToList(value, renderer.Budget);
        if (values.Count != targets.Items.Count)
        {
            throw JinjaException.Value(values.Count > targets.Items.Count
                ? $"too many values to unpack (expected {targets.Items.Count})"
                : $"not enough values to unpack (expected {targets.Items.Count}, got {values.Count})");
        }

        for (int i = 0; i < values.Count; i++)
        {
            Bind(renderer, scope, targets.Items[i], values[i]);
        }
    }
}

/// <summary><c>ns.attribute</c> on the left of a set.</summary>
internal sealed class NamespaceTarget(int line, string name, string attribute) : Expression(line)
{
    public string Attribute { get; } = attribute;

    public PyNamespace Resolve(Renderer renderer) => renderer.Resolve(name) as PyNamespace
        ?? throw JinjaException.Runtime($"cannot assign attribute '{Attribute}' on '{name}', which is not a namespace object");

    protected override object? Compute(Renderer renderer) => Resolve(renderer);
}

/// <summary><c>{% set target = value %}</c>.</summary>
internal sealed class Set(int line, Expression target, Expression value) : Statement(line)
{
    protected override Flow Run(Renderer renderer)
    {
        (target as NamespaceTarget)?.Resolve(renderer);
        object? result = value.Evaluate(renderer);
        renderer.Line = Line;
        Assignment.Bind(renderer, renderer.Scope, target, result);
        return Flow.Normal;
    }
}

/// <summary><c>{% set target|filter %}…{% endset %}</c>.</summary>
internal sealed class SetBlock(int line, Expression target, FilterCall? filter, Block body) : Statement(line)
{
    protected override Flow Run(Renderer renderer)
    {
        (Flow flow, PyString text) = renderer.Capture(body);
        if (flow == Flow.Normal)
        {
            Assignment.Bind(renderer, renderer.Scope, target, filter is null ? text : filter.Apply(renderer, text));
        }

        return flow;
    }
}

/// <summary><c>{% with a = 1, b = 2 %}…{% endwith %}</c>: the values are those outside.</summary>
internal sealed class With(int line, IReadOnlyList<(Expression Target, Expression Value)> bindings, Block body) : Statement(line)
{
    protected override Flow Run(Renderer renderer)
    {
        Scope scope = new(renderer.Scope);
        foreach ((Expression target, Expression value) in bindings)
        {
            Assignment.Bind(renderer, scope, target, value.Evaluate(renderer));
        }

        return renderer.In(scope, body);
    }
}
