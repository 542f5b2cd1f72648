namespace SkPeft;

/// <summary>A file (GGUF, safetensors, tokenizer, template, configuration …) is malformed: truncated, inconsistent or hostile.</summary>
public sealed class FileFormatException : SkPeftException
{
    /// <summary>Creates the error.</summary>
    /// <param name="file">The file, as the caller named it.</param>
    /// <param name="field">The part of the file that is wrong, for instance <c>tensor 'a.b' offset</c>.</param>
    /// <param name="found">What the file says.</param>
    /// <param name="expected">What would have been acceptable.</param>
    /// <param name="inner">The error of a library underneath, if there was one.</param>
    public FileFormatException(string file, string field, string found, string expected, Exception? inner = null)
        : base("file-format", $"{file}: {Shorten(field)}: found {Shorten(found)}, expected {expected}.", inner)
    {
        File = file;
        Field = field;
        Found = found;
        Expected = expected;
    }

    /// <summary>The file, as the caller named it.</summary>
    public string File { get; }

    /// <summary>The part of the file that is wrong.</summary>
    public string Field { get; }

    /// <summary>What the file says.</summary>
    public string Found { get; }

    /// <summary>What would have been acceptable.</summary>
    public string Expected { get; }

    // A hostile file may hold names of megabytes; a message is for people.
    private static string Shorten(string text) => text.Length <= 300 ? text : $"{text[..300]}… ({text.Length} characters)";
}
