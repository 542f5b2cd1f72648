namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>
/// An error inside a template, before the renderer has put the template's name and the line to it. <paramref name="kind"/> is the
/// name of the Python exception that Jinja2 would raise, because people search for it.
/// </summary>
internal sealed class JinjaException(string kind, string message) : Exception(kind.Length == 0 ? message : $"{kind}: {message}")
{
    /// <summary>The name of Python's exception class.</summary>
    public string Kind { get; } = kind;

    public static JinjaException Type(string message) => new("TypeError", message);

    public static JinjaException Value(string message) => new("ValueError", message);

    public static JinjaException Undefined(string message) => new("UndefinedError", message);

    public static JinjaException Security(string message) => new("SecurityError", message);

    public static JinjaException Runtime(string message) => new("TemplateRuntimeError", message);

    public static JinjaException Argument(string message) => new("FilterArgumentError", message);

    public static JinjaException Overflow(string message) => new("OverflowError", message);

    public static JinjaException Limit(string message) => new("limit", message);
}
