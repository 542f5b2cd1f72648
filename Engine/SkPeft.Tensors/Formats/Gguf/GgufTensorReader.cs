namespace SkPeft.Tensors.Formats;

/// <summary>Reads the tensor table of a GGUF file and checks that every tensor lies inside the file, aligned, on its own bytes.</summary>
internal static class GgufTensorReader
{
    private const int MaximumNameBytes = 1024; // llama.cpp stops at 63; longer names are seen in files of other programs
    private const int MaximumDimensions = 4;

    private sealed record Entry(string Name, TensorTypeInfo Type, long[] Shape, TensorExtent Extent, long Offset);

    public static Dictionary<string, StoredTensor> Read(MappedFile file, GgufCursor cursor, long count, long alignment)
    {
        List<Entry> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            Entry entry = ReadEntry(file, cursor, i, alignment);
            if (!names.Add(entry.Name))
            {
                throw new FileFormatException(file.Path, $"tensor {i} name", $"'{entry.Name}' a second time", "every name once");
            }

            entries.Add(entry);
        }

        long dataStart = (cursor.Position + alignment - 1) / alignment * alignment;
        Dictionary<string, StoredTensor> tensors = new(entries.Count, StringComparer.Ordinal);
        foreach (Entry entry in entries)
        {
            RequireInside(file, entry, dataStart);
            tensors.Add(entry.Name, new StoredTensor(file, entry.Name, entry.Type, entry.Shape, entry.Extent, dataStart + entry.Offset));
        }

        RequireApart(file, entries);
        return tensors;
    }

    private static Entry ReadEntry(MappedFile file, GgufCursor cursor, long index, long alignment)
    {
        string name = cursor.ReadName($"tensor {index} name", MaximumNameBytes);
        string field = $"tensor '{name}'";
        uint dimensions = cursor.ReadUInt32($"{field} dimensions");
        if (dimensions > MaximumDimensions)
        {
            throw new FileFormatException(file.Path, $"{field} dimensions", $"{dimensions}", $"at most {MaximumDimensions}");
        }

        // GGUF writes the fastest dimension first; everybody else here counts from the slowest.
        long[] shape = new long[dimensions];
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            ulong size = cursor.ReadUInt64($"{field} shape");
            shape[d] = size <= long.MaxValue
                ? (long)size
                : throw new FileFormatException(file.Path, $"{field} shape", $"{size}", "a size that fits 63 bits");
        }

        TensorTypeInfo type = GgmlTypes.Require(file.Path, name, cursor.ReadUInt32($"{field} type"));
        ulong offset = cursor.ReadUInt64($"{field} offset");
        return offset % (ulong)alignment == 0 && offset <= long.MaxValue
            ? new Entry(name, type, shape, TensorExtent.Of(file.Path, name, shape, type), (long)offset)
            : throw new FileFormatException(file.Path, $"{field} offset", $"{offset}",
                $"a multiple of {alignment} (general.alignment) inside the file");
    }

    private static void RequireInside(MappedFile file, Entry entry, long dataStart)
    {
        long available = Math.Max(0, file.Length - dataStart);
        if (entry.Extent.Bytes > available || entry.Offset > available - entry.Extent.Bytes)
        {
            throw new FileFormatException(file.Path, $"tensor '{entry.Name}' offset",
                $"offset {entry.Offset} with {entry.Extent.Bytes} bytes, in a file with {available} bytes of tensor data",
                "bytes inside the file (is it truncated?)");
        }
    }

    private static void RequireApart(MappedFile file, List<Entry> entries)
    {
        Entry? before = null;
        foreach (Entry entry in entries.Where(e => e.Extent.Bytes > 0).OrderBy(e => e.Offset))
        {
            if (before is not null && entry.Offset < before.Offset + before.Extent.Bytes)
            {
                throw new FileFormatException(file.Path, $"tensor '{entry.Name}' offset",
                    $"{entry.Offset}, inside the bytes of '{before.Name}'", $"at least {before.Offset + before.Extent.Bytes}");
            }

            before = entry;
        }
    }
}
