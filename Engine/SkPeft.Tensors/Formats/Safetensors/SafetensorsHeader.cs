using System.Text.Json;
using System.Text.Unicode;

namespace SkPeft.Tensors.Formats;

/// <summary>What the JSON at the head of a safetensors file says, checked entry by entry; <see cref="Place"/> checks them together.</summary>
internal sealed class SafetensorsHeader(string path)
{
    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public sealed record Entry(string Name, TensorTypeInfo Type, long[] Shape, TensorExtent Extent, long Begin, long End);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            string found = json.IsEmpty ? "nothing" : $"byte 0x{json[0]:X2}";
            throw new FileFormatException(path, "header", found, "a JSON object, beginning with '{'");
        }

        if (!Utf8.IsValid(json))
        {
            throw new FileFormatException(path, "header", "bytes that are not UTF-8", "JSON in UTF-8");
        }

        SafetensorsHeader header = new(path);
        try
        {
            new SafetensorsHeaderReader(path, json).ReadInto(header);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // The reader says InvalidOperation for half a surrogate pair behind \u, or a value of another type.
            throw new FileFormatException(path, "header", $"bad JSON ({e.Message})", "a JSON object of tensors", e);
        }

        return header;
    }

    /// <summary>Claims a name, which may occur once.</summary>
    public void Claim(string name)
    {
        if (!_names.Add(name))
        {
            throw new FileFormatException(path, $"tensor '{name}'", "the name a second time", "every name once");
        }
    }

    public void Add(string name, TensorTypeInfo type, long[] shape, long begin, long end)
    {
        TensorExtent extent = TensorExtent.Of(path, name, shape, type);
        if (end < begin || end - begin != extent.Bytes)
        {
            throw new FileFormatException(path, $"tensor '{name}' data_offsets", $"[{begin}, {end}]",
                $"{extent.Bytes} bytes, the size of {type.SafetensorsName} {TensorExtent.Describe(shape)}");
        }

        _entries.Add(new Entry(name, type, shape, extent, begin, end));
    }

    /// <summary>Checks that the tensors tile the data, and makes views of them.</summary>
    public Dictionary<string, StoredTensor> Place(MappedFile file, long dataStart)
    {
        long available = file.Length - dataStart;
        long expected = 0;
        Dictionary<string, StoredTensor> tensors = new(_entries.Count, StringComparer.Ordinal);
        foreach (Entry entry in _entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != expected || entry.End > available)
            {
                throw new FileFormatException(path, $"tensor '{entry.Name}' data_offsets",
                    $"[{entry.Begin}, {entry.End}] in a file with {available} bytes of data",
                    $"a beginning at {expected}, where the tensor before ends, and an end inside the file (is it truncated?)");
            }

            expected = entry.End;
            tensors.Add(entry.Name, new StoredTensor(file, entry.Name, entry.Type, entry.Shape, entry.Extent, dataStart + entry.Begin));
        }

        return expected == available
            ? tensors
            : throw new FileFormatException(path, "length", $"{available} bytes of data", $"{expected}, where the last tensor ends");
    }
}
