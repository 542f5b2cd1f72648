namespace SkPeft;

/// <summary>
/// The base of every error that SkPeft raises on purpose. The message names the thing, what was found, what was
/// expected and the next step; <see cref="Kind"/> is a stable word that programs may switch on.
/// </summary>
public abstract class SkPeftException : Exception
{
    private protected SkPeftException(string kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>A stable, machine-readable name of the error's kind, for instance <c>file-format</c>.</summary>
    public string Kind { get; }
}
