using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>The arguments between the parentheses of a call, filter or test.</summary>
/// <param name="Positional">Plain arguments.</param>
/// <param name="Named">Keyword arguments.</param>
/// <param name="Star">What <c>*</c> unpacks.</param>
/// <param name="DoubleStar">What <c>**</c> unpacks.</param>
internal sealed record ArgumentList(
    IReadOnlyList<Expression> Positional, IReadOnlyList<KeyValuePair<string, Expression>> Named, Expression? Star, Expression? DoubleStar)
{
    public static ArgumentList Empty { get; } = new([], [], null, null);

    public CallArguments Evaluate(Renderer renderer)
    {
        List<object?> positional = renderer.EvaluateAll(Positional);
        List<KeyValuePair<string, object?>> named = [.. Named.Select(n => KeyValuePair.Create(n.Key, n.Value.Evaluate(renderer)))];
        if (Star is not null)
        {
            positional.AddRange(PyIteration.ToList(Star.Evaluate(renderer), renderer.Budget));
        }

        if (DoubleStar is not null)
        {
            PyDict dict = DoubleStar.Evaluate(renderer) as PyDict ?? throw JinjaException.Type("the argument after ** must be a mapping");
            named.AddRange(dict.Entries.Select(e => KeyValuePair.Create((e.Key as PyString ?? throw JinjaException.Type("keywords must be strings")).Text, e.Value)));
        }

        return new CallArguments(positional, named);
    }
}

/// <summary><c>f(…)</c>.</summary>
internal sealed class Call(int line, Expression function, ArgumentList arguments) : Expression(line)
{
    protected override object? Compute(Renderer renderer) => Invoke(renderer, null);

    /// <summary>Calls with a <c>caller</c> besides, as a call block does.</summary>
    public object? Invoke(Renderer renderer, Macro? caller)
    {
        object? target = function.Evaluate(renderer);
        CallArguments values = arguments.Evaluate(renderer);
        if (caller is not null)
        {
            values = new CallArguments(values.Positional, [.. values.Named, KeyValuePair.Create("caller", (object?)caller)]);
        }

        renderer.Line = Line;
        return renderer.Call(target, values);
    }
}

/// <summary><c>a|name(…)</c>; the operand is null for the filters of blocks, whose text comes from the block.</summary>
internal sealed class FilterCall(int line, Expression? operand, string name, ArgumentList arguments) : Expression(line)
{
    protected override object? Compute(Renderer renderer) => Apply(renderer, null);

    /// <summary>Applies the filter, and those inside it, to a block's text.</summary>
    public object? Apply(Renderer renderer, PyString? body)
    {
        object? value = operand switch
        {
            null => body,
            FilterCall inner => inner.Apply(renderer, body),
            _ => operand.Evaluate(renderer),
        };
        CallArguments values = arguments.Evaluate(renderer);
        renderer.Line = Line;
        return renderer.Filter(name, value, values);
    }
}

/// <summary><c>a is name …</c>.</summary>
internal sealed class TestCall(int line, Expression operand, string name, ArgumentList arguments) : Expression(line)
{
    protected override object? Compute(Renderer renderer)
    {
        object? value = operand.Evaluate(renderer);
        CallArguments values = arguments.Evaluate(renderer);
        renderer.Line = Line;
        return renderer.Test(name, value, values);
    }
}
