namespace SkPeft;

/// <summary>The configuration cannot be served. All problems are told at once.</summary>
/// <param name="problems">One sentence a problem; each begins with its key, for instance <c>SkPeft:Skills:1:Adapter</c>.</param>
/// <param name="inner">The cause of the first one, where it was an error.</param>
public sealed class ConfigurationException(IReadOnlyList<string> problems, Exception? inner = null)
    : SkPeftException("configuration", $"The configuration cannot be served. {string.Join(" ", problems)}", inner)
{
    /// <summary>One sentence a problem.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
