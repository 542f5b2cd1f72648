namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>Jinja's <c>Undefined</c>: prints as nothing, is false and empty, and raises on nearly everything else.</summary>
/// <param name="message">What is said when it raises.</param>
/// <param name="kind">The exception it raises.</param>
internal sealed class PyUndefined(string message, string kind = "UndefinedError")
{
    public JinjaException Error() => new(kind, message);

    public static PyUndefined Name(string name) => new($"'{name}' is undefined");

    /// <summary>A subscript or attribute that is not there.</summary>
    public static PyUndefined Member(object? owner, object? name)
    {
        string type = PyType.Describe(owner);
        return name is PyString s
            ? new PyUndefined($"'{type}' has no attribute '{Shorten(s.Text)}'")
            : new PyUndefined($"{type} has no element {(name is PyString or System.Numerics.BigInteger or double or bool ? name : PyType.NameOf(name))}");
    }

    /// <summary>What the sandbox refuses: the error comes when it is used, as in Jinja2.</summary>
    public static PyUndefined Unsafe(object? owner, string name) =>
        new($"access to attribute '{name}' of '{PyType.NameOf(owner)}' object is unsafe.", "SecurityError");

    private static string Shorten(string name) => name.Length <= 80 ? name : name[..80] + "…";
}
