using SkPeft.Engine.Prompting.Jinja;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Syntax;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting;

/// <summary>
/// A chat template: the Jinja that models ship, as Hugging Face's transformers runs it (immutable sandbox, <c>trim_blocks</c>,
/// <c>lstrip_blocks</c>, <c>break</c> and <c>continue</c>, generation blocks), with limits on steps and output.
/// </summary>
/// <remarks>Parsed once, rendered often; safe for concurrent use. There is no reflection, no file access and no network in a template.</remarks>
public sealed class ChatTemplate
{
    private readonly Block _root;
    private readonly ChatTemplateLimits _limits;

    private ChatTemplate(string name, Block root, ChatTemplateLimits limits)
    {
        Name = name;
        _root = root;
        _limits = limits;
    }

    /// <summary>Where the template came from; for messages.</summary>
    public string Name { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="name">Where it came from; for messages.</param>
    /// <param name="limits">What a rendering may spend; null: the defaults.</param>
    /// <exception cref="TemplateException">It is not a template; the message names the line.</exception>
    public static ChatTemplate Parse(string source, string name, ChatTemplateLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            return new ChatTemplate(name, StatementParser.Parse(source), limits ?? new ChatTemplateLimits());
        }
        catch (TemplateSyntaxException error)
        {
            throw new TemplateException(name, error.Line, error.Message, error);
        }
        catch (InsufficientExecutionStackException error)
        {
            throw new TemplateException(name, 0, "expressions or tags are nested too deeply", error);
        }
    }

    /// <summary>Renders a conversation.</summary>
    /// <param name="input">The conversation and what belongs to it.</param>
    /// <param name="clock">The clock for <c>strftime_now</c>; null: the system's.</param>
    /// <exception cref="TemplateException">The template raised an exception, or ran over its limits; the message names the line.</exception>
    public RenderedPrompt Render(ChatTemplateInput input, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        Budget budget = new(_limits);
        Renderer renderer = new(budget, () => input.Now ?? (clock ?? TimeProvider.System).GetLocalNow());
        try
        {
            InputVariables.Define(renderer, input);
            PyString text = renderer.Render(_root);
            return new RenderedPrompt(text.Text, [.. text.Spans.ToArray().Select(s => (s.Start, s.Length))]);
        }
        catch (JinjaException error)
        {
            throw new TemplateException(Name, renderer.Line, error.Message, error);
        }
        catch (InsufficientExecutionStackException error)
        {
            throw new TemplateException(Name, renderer.Line, "values or calls are nested too deeply", error);
        }
        catch (Exception error) when (error is ArgumentException or ArithmeticException or FormatException or IndexOutOfRangeException or InvalidOperationException)
        {
            // No template may take the process down, whatever we forgot to check.
            throw new TemplateException(Name, renderer.Line, $"an operation failed ({error.GetType().Name}: {error.Message})", error);
        }
    }
}
