namespace SkPeft;

/// <summary>A line of a data file cannot be used.</summary>
/// <param name="file">The file, as the caller named it.</param>
/// <param name="line">The line, 1-based.</param>
/// <param name="reason">What is wrong with it, and what is expected.</param>
/// <param name="inner">The cause.</param>
public sealed class DataLineException(string file, int line, string reason, Exception? inner = null)
    : SkPeftException("data-line", $"{file}, line {line}: {reason}", inner)
{
    /// <summary>The file, as the caller named it.</summary>
    public string File { get; } = file;

    /// <summary>The line, 1-based.</summary>
    public int Line { get; } = line;
}
