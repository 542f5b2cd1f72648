namespace SkPeft.Tensors.Formats;

/// <summary>
/// A GGUF file, version 2 or 3, little-endian, memory-mapped (specification: ggml, docs/gguf.md). Opening reads and checks the
/// whole header; tensor data is touched only when it is asked for.
/// </summary>
public sealed partial class GgufFile : ITensorFile
{
    private const uint Magic = 0x46554747; // "GGUF"
    private const long DefaultAlignment = 32;
    private const long MaximumAlignment = 1 << 24;
    private const int MinimumKeyBytes = 8 + 1 + 4 + 1;
    private const int MinimumTensorBytes = 8 + 1 + 4 + 4 + 8;

    private readonly MappedFile _file;

    private GgufFile(MappedFile file)
    {
        _file = file;
        GgufCursor cursor = new(file);
        uint magic = cursor.ReadUInt32("magic");
        if (magic != Magic)
        {
            throw new FileFormatException(file.Path, "magic", $"0x{magic:X8}", $"0x{Magic:X8} ('GGUF')");
        }

        Version = ReadVersion(cursor);
        long tensors = cursor.ReadCount("tensor", MinimumTensorBytes);
        Metadata = GgufMetadataReader.Read(file, cursor, cursor.ReadCount("metadata", MinimumKeyBytes));
        Alignment = ReadAlignment();
        Tensors = GgufTensorReader.Read(file, cursor, tensors, Alignment);
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <summary>The format's version: 2 or 3.</summary>
    public int Version { get; }

    /// <summary>The alignment of tensor data, <c>general.alignment</c> or 32.</summary>
    public long Alignment { get; }

    /// <summary>The metadata.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Maps a file and reads its header.</summary>
    /// <exception cref="FileAccessException">The file is missing or may not be read.</exception>
    /// <exception cref="FileFormatException">The file is malformed.</exception>
    /// <exception cref="UnsupportedModelException">A tensor has a type that is not supported.</exception>
    public static GgufFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new GgufFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the file. Tensors and metadata that still lie in it raise <see cref="ObjectDisposedException"/> from now on.</summary>
    public void Dispose() => _file.Dispose();

    private int ReadVersion(GgufCursor cursor)
    {
        uint version = cursor.ReadUInt32("version");
        return version switch
        {
            2 or 3 => (int)version,
            0x02000000 or 0x03000000 => throw new FileFormatException(Path, "byte order", "a big-endian file",
                "a little-endian one (convert it with gguf_convert_endian)"),
            _ => throw new FileFormatException(Path, "version", $"{version}", "2 or 3"),
        };
    }

    private long ReadAlignment()
    {
        long alignment = GetInt64("general.alignment", DefaultAlignment);
        return alignment is >= 8 and <= MaximumAlignment && alignment % 8 == 0
            ? alignment
            : throw new FileFormatException(Path, "general.alignment", $"{alignment}", $"a multiple of 8, at most {MaximumAlignment}");
    }
}
