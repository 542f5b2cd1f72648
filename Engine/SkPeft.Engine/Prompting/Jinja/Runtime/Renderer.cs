using SkPeft.Engine.Prompting.Jinja.Library;
using SkPeft.Engine.Prompting.Jinja.Syntax;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Runtime;

/// <summary>One rendering: scopes, the output so far, and what may still be spent.</summary>
internal sealed class Renderer
{
    private readonly Func<DateTimeOffset> _now;

    public Renderer(Budget budget, Func<DateTimeOffset> now)
    {
        Budget = budget;
        _now = now;
        Output = new TextBuilder(budget);
        Root = new Scope(null);
        Scope = Root;
    }

    public Budget Budget { get; }

    /// <summary>The template's own names.</summary>
    public Scope Root { get; }

    public Scope Scope { get; private set; }

    public TextBuilder Output { get; private set; }

    /// <summary>Where the rendering is, for messages.</summary>
    public int Line { get; set; }

    /// <summary>The time that <c>strftime_now</c> tells.</summary>
    public DateTimeOffset Now => _now();

    public PyString Render(Block root)
    {
        root.Execute(this);
        return Output.Build();
    }

    /// <summary>Pays for a node and remembers its line.</summary>
    public void Visit(int line)
    {
        Line = line;
        Budget.Nest();
    }

    public object? Resolve(string name) =>
        Scope.TryGet(name, out object? value) ? value
        : Globals.TryGet(name, out value) ? value
        : PyUndefined.Name(name);

    public List<object?> EvaluateAll(IReadOnlyList<Expression> expressions)
    {
        List<object?> values = new(expressions.Count);
        foreach (Expression expression in expressions)
        {
            values.Add(expression.Evaluate(this));
        }

        return values;
    }

    /// <summary>Runs statements with other names around them.</summary>
    public Flow In(Scope scope, Block body) => Within(scope, () => body.Execute(this));

    /// <summary>Evaluates an expression with other names around it.</summary>
    public object? In(Scope scope, Expression expression) => Within(scope, () => expression.Evaluate(this));

    /// <summary>The text that statements write.</summary>
    public (Flow Flow, PyString Text) Capture(Block body) => Capture(() => In(new Scope(Scope), body));

    /// <summary>The text that an action writes.</summary>
    public (Flow Flow, PyString Text) Capture(Func<Flow> action)
    {
        TextBuilder outer = Output;
        Output = new TextBuilder(Budget);
        try
        {
            Flow flow = action();
            return (flow, Output.Build());
        }
        finally
        {
            Output = outer;
        }
    }

    /// <summary>Goes one level deeper into macros and recursive loops.</summary>
    public T Nested<T>(Func<T> action)
    {
        Budget.Enter();
        try
        {
            return action();
        }
        finally
        {
            Budget.Leave();
        }
    }

    /// <summary>Renders a macro's body; parameters not given get their defaults, which may speak of earlier ones.</summary>
    public PyString RenderMacro(MacroDefinition definition, Scope scope, bool[] given) => Nested(() =>
    {
        for (int i = 0; i < given.Length; i++)
        {
            if (!given[i])
            {
                MacroParameter parameter = definition.Parameters[i];
                scope.Set(parameter.Name, parameter.Default is null
                    ? new PyUndefined($"parameter '{parameter.Name}' was not provided")
                    : In(scope, parameter.Default));
            }
        }

        return Capture(() => In(scope, definition.Body)).Text;
    });

    public object? Call(object? target, CallArguments arguments) => target switch
    {
        PyCallable callable => callable.Call(this, arguments),
        PyUndefined undefined => throw undefined.Error(),
        _ => throw JinjaException.Type($"'{PyType.NameOf(target)}' object is not callable"),
    };

    public object? Filter(string name, object? value, CallArguments arguments) => Filters.Apply(this, name, value, arguments);

    public bool Test(string name, object? value, CallArguments arguments) => Tests.Apply(this, name, value, arguments);

    private T Within<T>(Scope scope, Func<T> action)
    {
        Scope outer = Scope;
        Scope = scope;
        try
        {
            return action();
        }
        finally
        {
            Scope = outer;
        }
    }
}
