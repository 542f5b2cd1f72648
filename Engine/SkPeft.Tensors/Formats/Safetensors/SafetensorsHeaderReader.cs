using System.Text;
using System.Text.Json;

namespace SkPeft.Tensors.Formats;

/// <summary>Reads the header's JSON: name → dtype, shape, data_offsets; and strings under <c>__metadata__</c>.</summary>
internal ref struct SafetensorsHeaderReader(string path, ReadOnlySpan<byte> json)
{
    private const int MaximumDimensions = 32;

    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = 8 });

    public void ReadInto(SafetensorsHeader header)
    {
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString()!;
            header.Claim(name);
            _reader.Read();
            if (name == "__metadata__")
            {
                ReadMetadata(header.Metadata);
            }
            else
            {
                ReadEntry(header, name);
            }
        }

        _reader.Read(); // Only blanks may follow; anything else is a JsonException.
    }

    private void ReadMetadata(Dictionary<string, string> metadata)
    {
        Require(_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null, "__metadata__", "an object of strings");
        while (_reader.TokenType != JsonTokenType.Null && _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = _reader.GetString()!;
            _reader.Read();
            Require(_reader.TokenType == JsonTokenType.String, $"__metadata__ '{key}'", "a string");
            Once(metadata.TryAdd(key, _reader.GetString()!), $"__metadata__ '{key}'");
        }
    }

    private void ReadEntry(SafetensorsHeader header, string name)
    {
        Require(_reader.TokenType == JsonTokenType.StartObject, $"tensor '{name}'", "an object with dtype, shape and data_offsets");
        TensorTypeInfo? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = _reader.GetString()!;
            string field = $"tensor '{name}' {key}";
            _reader.Read();
            switch (key)
            {
                case "dtype":
                    Once(type is null, field);
                    type = ReadType(field);
                    break;
                case "shape":
                    Once(shape is null, field);
                    shape = ReadNumbers(field, MaximumDimensions);
                    break;
                case "data_offsets":
                    Once(offsets is null, field);
                    offsets = ReadNumbers(field, 2);
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }

        header.Add(name, type ?? throw Missing(name, "dtype"), shape ?? throw Missing(name, "shape"),
            offsets is [long begin, long end] ? begin : throw Missing(name, "data_offsets"), end);
    }

    private readonly FileFormatException Missing(string name, string key) =>
        new(path, $"tensor '{name}' {key}", "nothing, or too little", "dtype, shape and two data_offsets");

    private TensorTypeInfo ReadType(string field)
    {
        Require(_reader.TokenType == JsonTokenType.String, field, "a string");
        string found = _reader.GetString()!;
        return TensorTypeInfo.FromSafetensors(found)
            ?? throw new FileFormatException(path, field, $"'{found}'", $"one of {TensorTypeInfo.SafetensorsNames}");
    }

    private long[] ReadNumbers(string field, int most)
    {
        Require(_reader.TokenType == JsonTokenType.StartArray, field, "an array of integers");
        List<long> numbers = [];
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            Require(_reader.TokenType == JsonTokenType.Number, field, "integers");
            if (!_reader.TryGetInt64(out long number) || number < 0 || numbers.Count == most)
            {
                string text = Encoding.UTF8.GetString(_reader.ValueSpan[..Math.Min(40, _reader.ValueSpan.Length)]);
                string found = numbers.Count == most ? $"more than {most} numbers" : text;
                throw new FileFormatException(path, field, found, $"at most {most} integers of 0 to {long.MaxValue}");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private readonly void Once(bool first, string field)
    {
        if (!first)
        {
            throw new FileFormatException(path, field, "the key a second time", "every key once");
        }
    }

    private readonly void Require(bool holds, string field, string expected)
    {
        if (!holds)
        {
            throw new FileFormatException(path, field, $"{_reader.TokenType}", expected);
        }
    }
}
