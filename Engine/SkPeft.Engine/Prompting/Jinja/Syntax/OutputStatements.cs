using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>The template's own text.</summary>
internal sealed class Data(int line, string text) : Statement(line)
{
    private readonly PyString _text = PyString.Trusted(text);

    protected override Flow Run(Renderer renderer)
    {
        renderer.Output.Append(_text);
        return Flow.Normal;
    }
}

/// <summary><c>{{ value }}</c>.</summary>
internal sealed class Print(int line, Expression value) : Statement(line)
{
    protected override Flow Run(Renderer renderer)
    {
        renderer.Output.Append(PyText.Str(value.Evaluate(renderer), renderer.Budget));
        return Flow.Normal;
    }
}

/// <summary><c>{% filter name %}…{% endfilter %}</c>.</summary>
internal sealed class FilterBlock(int line, FilterCall filter, Block body) : Statement(line)
{
    protected override Flow Run(Renderer renderer)
    {
        (Flow flow, PyString text) = renderer.Capture(body);
        if (flow == Flow.Normal)
        {
            object? result = filter.Apply(renderer, text);
            renderer.Output.Append(result as PyString
                ?? throw JinjaException.Type($"a filter block must make text: expected str instance, {PyType.NameOf(result)} found"));
        }

        return flow;
    }
}
