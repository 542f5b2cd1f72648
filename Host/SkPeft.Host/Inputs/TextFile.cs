using System.Text;
using System.Text.Unicode;

namespace SkPeft.Host.Inputs;

/// <summary>Small input files as text.</summary>
internal static class TextFile
{
    private const long MaximumBytes = 1L << 28;

    /// <summary>Reads UTF-8, with or without a byte order mark.</summary>
    /// <exception cref="FileAccessException">It is missing or may not be read.</exception>
    /// <exception cref="FileFormatException">It is too large or no UTF-8.</exception>
    public static ReadOnlyMemory<byte> ReadUtf8(string path)
    {
        byte[] bytes = ReadBytes(path);
        ReadOnlyMemory<byte> content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(3) : bytes;
        return Utf8.IsValid(content.Span) ? content : throw new FileFormatException(path, "encoding", "bytes that are not UTF-8", "UTF-8");
    }

    public static string Read(string path) => Encoding.UTF8.GetString(ReadUtf8(path).Span);

    private static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
        {
            throw new FileAccessException(path, "this is a folder, a file was expected", "Name the file itself.");
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.CanSeek && stream.Length > MaximumBytes)
            {
                throw new FileFormatException(path, "size", $"{stream.Length} bytes", $"at most {MaximumBytes} bytes");
            }

            // Pipes (a shell's <(…)) have no length.
            using MemoryStream content = new();
            stream.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileAccessException(path, "there is no such file", "Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new FileAccessException(path, $"the file cannot be read ({e.Message})", "Check the path and its permissions.", e);
        }
    }
}
