namespace SkPeft;

/// <summary>A file or folder cannot be opened, read or written: it is missing, forbidden, of the wrong kind, or the disk is full.</summary>
/// <param name="path">The path, as the caller named it.</param>
/// <param name="reason">What happened.</param>
/// <param name="hint">The next step.</param>
/// <param name="inner">The error of the operating system, if there was one.</param>
public sealed class FileAccessException(string path, string reason, string hint, Exception? inner = null)
    : SkPeftException("file-access", $"{path}: {reason}. {hint}", inner)
{
    /// <summary>The path, as the caller named it.</summary>
    public string Path { get; } = path;
}
