namespace SkPeft.Host.Inputs;

/// <summary>Tells GGUF files from others.</summary>
internal static class GgufSignature
{
    /// <summary>True for a file that begins like GGUF, or is named like it (so that a damaged one is called that).</summary>
    public static bool IsIn(string path)
    {
        if (path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path))
        {
            return true;
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[4];
            return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("GGUF"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever opens it for good says why it cannot be opened.
            return false;
        }
    }
}
