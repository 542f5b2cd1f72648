namespace SkPeft;

/// <summary>A request or configuration value cannot be honoured. Nothing is dropped in silence: the message names the option.</summary>
/// <param name="option">The option's name as the caller knows it.</param>
/// <param name="found">Its value.</param>
/// <param name="expected">What would be accepted.</param>
public sealed class InvalidOptionException(string option, string found, string expected)
    : SkPeftException("invalid-option", $"{option}: {found} is not accepted, expected {expected}.")
{
    /// <summary>The option's name.</summary>
    public string Option { get; } = option;
}

/// <summary>Prompt, virtual tokens and answer together do not fit the model's context.</summary>
/// <param name="needed">Positions needed.</param>
/// <param name="limit">Positions there are.</param>
/// <param name="advice">The next step.</param>
public sealed class ContextLengthException(int needed, int limit, string advice)
    : SkPeftException("context-length", $"The request needs {needed} positions, the context has {limit}. {advice}")
{
    /// <summary>Positions needed.</summary>
    public int Needed { get; } = needed;

    /// <summary>Positions there are.</summary>
    public int Limit { get; } = limit;
}

/// <summary>The model computed something that is no distribution over its vocabulary.</summary>
/// <param name="found">What it computed.</param>
public sealed class ModelOutputException(string found)
    : SkPeftException("model-output",
        $"The model's output is not numbers: {found}, expected a finite number. Its weights or the adapter's are damaged or far too large; " +
        "ask without the adapter to see which, and fetch that file again.");

/// <summary>A chat template could not be parsed, raised an exception of its own, or ran over its limits.</summary>
/// <param name="template">Where the template came from.</param>
/// <param name="line">The line in the template, 1-based; 0 where it is not known.</param>
/// <param name="reason">What happened.</param>
/// <param name="inner">The cause.</param>
public sealed class TemplateException(string template, int line, string reason, Exception? inner = null)
    : SkPeftException("template", line > 0 ? $"{template}, line {line}: {reason}" : $"{template}: {reason}", inner)
{
    /// <summary>The line in the template, 1-based; 0 where it is not known.</summary>
    public int Line { get; } = line;
}

/// <summary>A JSON schema cannot be held to: it is malformed, asks for what is not supported, or no value satisfies it.</summary>
/// <param name="name">Whose schema it is.</param>
/// <param name="pointer">Where in it: a JSON pointer as a fragment, for instance <c>#/properties/age</c>.</param>
/// <param name="keyword">The keyword.</param>
/// <param name="found">What it says.</param>
/// <param name="expected">What would be accepted.</param>
public sealed class SchemaException(string name, string pointer, string keyword, string found, string expected)
    : SkPeftException("schema", $"{name}, {pointer}: {keyword}: {found} is not accepted, expected {expected}.")
{
    /// <summary>Where in the schema.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>The keyword.</summary>
    public string Keyword { get; } = keyword;
}

/// <summary>The process is shutting down.</summary>
/// <param name="what">What became of the request: it is not taken, or was cut off.</param>
public sealed class HostStoppingException(string what)
    : SkPeftException("stopping", $"The request {what}: this process is shutting down. Ask another one, or this one once it runs again.");
