namespace SkPeft.Host.Inputs;

/// <summary>A line of a data file cannot be used.</summary>
/// <param name="file">The file.</param>
/// <param name="line">The line, 1-based.</param>
/// <param name="reason">What is wrong with it, and what is expected.</param>
/// <param name="inner">The cause.</param>
internal sealed class LineException(string file, int line, string reason, Exception? inner = null) : Exception($"{file}, line {line}: {reason}", inner);
