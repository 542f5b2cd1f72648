using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace SkPeft.Tensors.Formats;

/// <summary>Reads forward through a mapped GGUF file; never past its end, never allocating for a length it has not checked.</summary>
internal sealed class GgufCursor(MappedFile file)
{
    public long Position { get; private set; }

    public long Remaining => file.Length - Position;

    public uint ReadUInt32(string field) => BinaryPrimitives.ReadUInt32LittleEndian(Take(field, sizeof(uint)));

    public ulong ReadUInt64(string field) => BinaryPrimitives.ReadUInt64LittleEndian(Take(field, sizeof(ulong)));

    /// <summary>A count of things of which each needs at least <paramref name="minimumBytes"/>.</summary>
    public long ReadCount(string field, int minimumBytes, string what = "count")
    {
        ulong count = ReadUInt64(field);
        return count <= (ulong)(Remaining / minimumBytes)
            ? (long)count
            : throw new FileFormatException(file.Path, $"{field} {what}", $"{count}",
                $"at most {Remaining / minimumBytes}, what the file's remaining {Remaining} bytes can hold");
    }

    /// <summary>A string's bytes, checked to be UTF-8.</summary>
    public ReadOnlySpan<byte> ReadUtf8(string field)
    {
        long length = ReadCount(field, 1, "length");
        return length <= int.MaxValue
            ? CheckUtf8(field, Take(field, (int)length))
            : throw new FileFormatException(file.Path, $"{field} length", $"{length}", "less than 2 GiB");
    }

    public string ReadName(string field, int maximumBytes)
    {
        ReadOnlySpan<byte> name = ReadUtf8(field);
        return name.Length is > 0 && name.Length <= maximumBytes
            ? Encoding.UTF8.GetString(name)
            : throw new FileFormatException(file.Path, $"{field} length", $"{name.Length}", $"1 to {maximumBytes} bytes");
    }

    public ReadOnlySpan<byte> Take(string field, int bytes)
    {
        ReadOnlySpan<byte> taken = bytes <= Remaining
            ? file.Span(Position, bytes)
            : throw new FileFormatException(file.Path, field, $"{Remaining} bytes left at offset {Position}",
                $"{bytes} bytes (is the file truncated?)");
        Position += bytes;
        return taken;
    }

    public void Skip(string field, long bytes)
    {
        if (bytes > Remaining)
        {
            throw new FileFormatException(file.Path, field, $"{Remaining} bytes left at offset {Position}",
                $"{bytes} bytes (is the file truncated?)");
        }

        Position += bytes;
    }

    private ReadOnlySpan<byte> CheckUtf8(string field, ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes)
        ? bytes
        : throw new FileFormatException(file.Path, field, $"bytes {Convert.ToHexString(bytes[..Math.Min(16, bytes.Length)])}…", "valid UTF-8");
}
