using System.Buffers.Binary;

namespace SkPeft.Tensors.Formats;

/// <summary>
/// A safetensors file, memory-mapped. As in the reference implementation the tensors must cover the data without gap or overlap;
/// integer and other types are listed, and refused when they are read as floats.
/// </summary>
public sealed class SafetensorsFile : ITensorFile
{
    internal const long MaximumHeaderBytes = 100_000_000; // the reference implementation's limit

    private readonly MappedFile _file;

    private SafetensorsFile(MappedFile file)
    {
        _file = file;
        if (file.Length < sizeof(ulong))
        {
            throw new FileFormatException(file.Path, "header length", $"a file of {file.Length} bytes", "at least 8 bytes (is it truncated?)");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, sizeof(ulong)));
        long most = Math.Min(MaximumHeaderBytes, file.Length - sizeof(ulong));
        if (length > (ulong)most)
        {
            throw new FileFormatException(file.Path, "header length", $"{length}",
                $"at most {most} (is the file truncated, or no safetensors file?)");
        }

        SafetensorsHeader header = SafetensorsHeader.Parse(file.Path, file.Span(sizeof(ulong), (long)length));
        Metadata = header.Metadata;
        Tensors = header.Place(file, sizeof(ulong) + (long)length);
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <summary>The strings under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Maps a file and reads its header.</summary>
    /// <exception cref="FileAccessException">The file is missing or may not be read.</exception>
    /// <exception cref="FileFormatException">The file is malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new SafetensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Asks the system for the whole file at once. Worth it where all of it will be read; nothing happens where the system cannot do it.</summary>
    public void Populate() => _file.Populate();

    /// <summary>Unmaps the file. Its tensors raise <see cref="ObjectDisposedException"/> from now on.</summary>
    public void Dispose() => _file.Dispose();
}
