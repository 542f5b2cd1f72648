using System.Text.Json;
using System.Text.Unicode;

namespace SkPeft.Tensors.Formats;

/// <summary>The JSON at the head of a safetensors file: name → dtype, shape, data_offsets.</summary>
internal sealed class SafetensorsHeader
{
    private const int MaximumDimensions = 32;

    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly string _path;
    private Dictionary<string, string>? _metadata;

    private SafetensorsHeader(string path) => _path = path;

    private sealed record Entry(string Name, TensorTypeInfo Type, long[] Shape, TensorExtent Extent, long Begin, long End);

    public IReadOnlyDictionary<string, string> Metadata => _metadata ?? [];

    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw new FileFormatException(path, "header", json.IsEmpty ? "nothing" : $"byte 0x{json[0]:X2}", "a JSON object, beginning with '{'");
        }

        if (!Utf8.IsValid(json))
        {
            throw new FileFormatException(path, "header", "bytes that are not UTF-8", "JSON in UTF-8");
        }

        SafetensorsHeader header = new(path);
        try
        {
            header.ReadAll(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // The reader says InvalidOperation for half a surrogate pair behind \u, or a value of another type.
            throw new FileFormatException(path, "header", $"bad JSON ({e.Message})", "a JSON object of tensors", e);
        }

        return header;
    }

    /// <summary>Checks that the tensors tile the data, and makes views of them.</summary>
    public Dictionary<string, StoredTensor> Place(MappedFile file, long dataStart)
    {
        long expected = 0;
        Dictionary<string, StoredTensor> tensors = new(_entries.Count, StringComparer.Ordinal);
        foreach (Entry entry in _entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != expected || entry.End > file.Length - dataStart)
            {
                throw new FileFormatException(_path, $"tensor '{entry.Name}' data_offsets",
                    $"[{entry.Begin}, {entry.End}] in a file with {file.Length - dataStart} bytes of data",
                    $"a beginning at {expected}, where the tensor before ends, and an end inside the file (is it truncated?)");
            }

            expected = entry.End;
            tensors.Add(entry.Name, new StoredTensor(file, entry.Name, entry.Type, entry.Shape, entry.Extent, dataStart + entry.Begin));
        }

        return expected == file.Length - dataStart
            ? tensors
            : throw new FileFormatException(_path, "length", $"{file.Length - dataStart} bytes of data", $"{expected}, where the last tensor ends");
    }

    private void ReadAll(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 8 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!_names.Add(name))
            {
                throw new FileFormatException(_path, $"tensor '{name}'", "the name a second time", "every name once");
            }

            reader.Read();
            if (name == "__metadata__")
            {
                ReadMetadata(ref reader);
            }
            else
            {
                _entries.Add(ReadEntry(ref reader, name));
            }
        }

        reader.Read(); // Only blanks may follow; anything else is a JsonException.
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Require(reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null, "__metadata__", reader.TokenType, "an object of strings");
        _metadata = new(StringComparer.Ordinal);
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            Require(reader.TokenType == JsonTokenType.String, $"__metadata__ '{key}'", reader.TokenType, "a string");
            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw new FileFormatException(_path, $"__metadata__ '{key}'", "the key a second time", "every key once");
            }
        }
    }

    private Entry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, $"tensor '{name}'", reader.TokenType, "an object with dtype, shape and data_offsets");
        TensorTypeInfo? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            string field = $"tensor '{name}' {key}";
            reader.Read();
            switch (key)
            {
                case "dtype":
                    Once(type is null, field);
                    type = ReadType(ref reader, field);
                    break;
                case "shape":
                    Once(shape is null, field);
                    shape = ReadNumbers(ref reader, field, MaximumDimensions);
                    break;
                case "data_offsets":
                    Once(offsets is null, field);
                    offsets = ReadNumbers(ref reader, field, 2);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return Check(name, type, shape, offsets);
    }

    private Entry Check(string name, TensorTypeInfo? type, long[]? shape, long[]? offsets)
    {
        if (type is null || shape is null || offsets is not { Length: 2 })
        {
            string missing = type is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw new FileFormatException(_path, $"tensor '{name}' {missing}",
                offsets is null || missing != "data_offsets" ? "nothing" : $"{offsets.Length} numbers", "dtype, shape and two data_offsets");
        }

        TensorExtent extent = TensorExtent.Of(_path, name, shape, type);
        if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != extent.Bytes)
        {
            throw new FileFormatException(_path, $"tensor '{name}' data_offsets", $"[{offsets[0]}, {offsets[1]}]",
                $"{extent.Bytes} bytes, the size of {type.SafetensorsName} {TensorExtent.Describe(shape)}");
        }

        return new Entry(name, type, shape, extent, offsets[0], offsets[1]);
    }

    private TensorTypeInfo ReadType(ref Utf8JsonReader reader, string field)
    {
        Require(reader.TokenType == JsonTokenType.String, field, reader.TokenType, "a string");
        string found = reader.GetString()!;
        return TensorTypeInfo.FromSafetensors(found)
            ?? throw new FileFormatException(_path, field, $"'{found}'", $"one of {TensorTypeInfo.SafetensorsNames}");
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string field, int most)
    {
        Require(reader.TokenType == JsonTokenType.StartArray, field, reader.TokenType, "an array of integers");
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(reader.TokenType == JsonTokenType.Number, field, reader.TokenType, "integers");
            if (!reader.TryGetInt64(out long number) || number < 0 || numbers.Count == most)
            {
                throw new FileFormatException(_path, field,
                    numbers.Count == most ? $"more than {most} numbers" : System.Text.Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(40, reader.ValueSpan.Length)]),
                    $"at most {most} integers of 0 to {long.MaxValue}");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private void Once(bool first, string field)
    {
        if (!first)
        {
            throw new FileFormatException(_path, field, "the key a second time", "every key once");
        }
    }

    private void Require(bool holds, string field, JsonTokenType found, string expected)
    {
        if (!holds)
        {
            throw new FileFormatException(_path, field, $"{found}", expected);
        }
    }
}
