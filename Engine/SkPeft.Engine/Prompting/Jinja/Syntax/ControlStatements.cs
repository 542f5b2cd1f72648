using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary><c>{% if %}…{% elif %}…{% else %}…{% endif %}</c>.</summary>
internal sealed class If(int line, IReadOnlyList<(Expression Test, Block Body)> branches, Block otherwise) : Statement(line)
{
    protected override Flow Run(Renderer renderer)
    {
        foreach ((Expression test, Block body) in branches)
        {
            if (PyIteration.Truth(test.Evaluate(renderer)))
            {
                return body.Execute(renderer);
            }
        }

        return otherwise.Execute(renderer);
    }
}

/// <summary><c>{% break %}</c> or <c>{% continue %}</c>; the parser lets it stand only inside a loop.</summary>
internal sealed class Jump(int line, Flow flow) : Statement(line)
{
    protected override Flow Run(Renderer renderer) => flow;
}

/// <summary><c>{% for target in items if test recursive %}…{% else %}…{% endfor %}</c>.</summary>
internal sealed class For(int line, Expression target, Expression items, Expression? test, bool recursive, Block body, Block otherwise) : Statement(line)
{
    protected override Flow Run(Renderer renderer) => Iterate(renderer, items.Evaluate(renderer), 0, renderer.Scope);

    private Flow Iterate(Renderer renderer, object? iterable, int depth0, Scope outside)
    {
        renderer.Line = Line;
        object? source = test is null ? iterable : new PyIterator(Filtered(renderer, iterable, outside));
        Func<object?, int, PyString>? recurse = recursive ? (inner, depth) => Recurse(renderer, inner, depth, outside) : null;
        LoopContext loop = new(source, recurse, depth0, renderer.Budget);
        // Jinja2 runs the else where no iteration came to its end, also after a break or continue in the first.
        bool none = true;
        while (loop.MoveNext(out object? item))
        {
            Scope scope = new(outside);
            Assignment.Bind(renderer, scope, target, item);
            scope.Set("loop", loop);
            Flow flow = renderer.In(scope, body);
            if (flow == Flow.Break)
            {
                break;
            }

            none &= flow == Flow.Continue;
        }

        return none ? renderer.In(new Scope(outside), otherwise) : Flow.Normal;
    }

    private IEnumerable<object?> Filtered(Renderer renderer, object? iterable, Scope outside)
    {
        foreach (object? item in PyIteration.Iterate(iterable, renderer.Budget))
        {
            Scope scope = new(outside);
            Assignment.Bind(renderer, scope, target, item);
            if (PyIteration.Truth(renderer.In(scope, test!)))
            {
                yield return target is TupleLiteral ? Reassemble(scope, target) : item;
            }
        }
    }

    // Jinja2 passes the test's names on, not the item they came from: several make a tuple, whatever the item was.
    private static object? Reassemble(Scope scope, Expression target) => target is TupleLiteral tuple
        ? new PyTuple([.. tuple.Items.Select(t => Reassemble(scope, t))])
        : scope.TryGet(((Name)target).Id, out object? value) ? value : null;

    private PyString Recurse(Renderer renderer, object? iterable, int depth, Scope outside) =>
        renderer.Nested(() => renderer.Capture(() => Iterate(renderer, iterable, depth, outside)).Text);
}
