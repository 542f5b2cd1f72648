using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace SkPeft.Training.Data;

/// <summary>
/// Reads JSONL as a stream: UTF-8 with or without a byte order mark, lines that end in LF or CR LF, blank lines passed over. Memory is
/// bounded by the longest line that is accepted, not by the file.
/// </summary>
/// <param name="path">The file; a pipe will do.</param>
internal sealed class JsonLines(string path)
{
    /// <summary>The longest line that is accepted. No context of any model has room for one like this.</summary>
    public const int MostBytes = 1 << 22;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>SHA-256 of the file in lower-case hexadecimal, once it was read to the end.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>All lines that are not blank.</summary>
    /// <exception cref="FileAccessException">The file is missing or may not be read.</exception>
    public IEnumerable<RawLine> Read()
    {
        using FileStream stream = Open();
        byte[] buffer = new byte[1 << 16];
        ArrayBufferWriter<byte> line = new(1 << 10);
        long length = 0;
        int number = 1;
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            _hash.AppendData(buffer, 0, count);
            for (int at = 0; at < count;)
            {
                int end = Array.IndexOf(buffer, (byte)'\n', at, count - at);
                int stop = end < 0 ? count : end;
                length += stop - at;
                if (length <= MostBytes)
                {
                    line.Write(buffer.AsSpan(at, stop - at));
                }

                at = stop + 1;
                if (end >= 0)
                {
                    RawLine read = Finish(number++, length, line);
                    length = 0;
                    if (!read.IsBlank)
                    {
                        yield return read;
                    }
                }
            }
        }

        RawLine last = Finish(number, length, line);
        if (!last.IsBlank)
        {
            yield return last;
        }

        Digest = Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    private RawLine Finish(int number, long length, ArrayBufferWriter<byte> line)
    {
        ReadOnlyMemory<byte> content = length <= MostBytes ? line.WrittenMemory.ToArray() : ReadOnlyMemory<byte>.Empty;
        line.ResetWrittenCount();
        if (number == 1 && content.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            content = content[Encoding.UTF8.Preamble.Length..];
            length = content.Length;
        }

        return new RawLine(path, number, length, content);
    }

    private FileStream Open()
    {
        if (Directory.Exists(path))
        {
            throw new FileAccessException(path, "this is a folder, a file was expected", "Name the file itself.");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
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
