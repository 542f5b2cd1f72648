using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>How a statement ended.</summary>
internal enum Flow
{
    Normal,
    Break,
    Continue,
}

/// <summary>A statement of a template, or the text between two.</summary>
internal abstract class Statement(int line)
{
    public int Line { get; } = line;

    /// <summary>Runs it; costs a step.</summary>
    public Flow Execute(Renderer renderer)
    {
        renderer.Visit(Line);
        return Run(renderer);
    }

    protected abstract Flow Run(Renderer renderer);
}

/// <summary>Statements one after the other.</summary>
internal sealed class Block(IReadOnlyList<Statement> statements)
{
    public static Block Empty { get; } = new([]);

    public bool IsEmpty => statements.Count == 0;

    public Flow Execute(Renderer renderer)
    {
        foreach (Statement statement in statements)
        {
            Flow flow = statement.Execute(renderer);
            if (flow != Flow.Normal)
            {
                return flow;
            }
        }

        return Flow.Normal;
    }
}
