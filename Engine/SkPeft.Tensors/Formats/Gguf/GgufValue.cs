using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SkPeft.Tensors.Formats;

/// <summary>
/// A metadata value. Strings and arrays stay in the mapped file until they are asked for, so a vocabulary that nobody reads costs
/// nothing; they can be read until the file is disposed.
/// </summary>
public sealed class GgufValue
{
    private readonly MappedFile _file;
    private readonly long _offset;

    internal GgufValue(MappedFile file, string key, GgufValueType type, GgufValueType? elementType, long count, long offset) =>
        (_file, Key, Type, ElementType, Count, _offset) = (file, key, type, elementType, count, offset);

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The type.</summary>
    public GgufValueType Type { get; }

    /// <summary>The type of an array's elements; null where this is no array.</summary>
    public GgufValueType? ElementType { get; }

    /// <summary>An array's elements; 1 where this is no array.</summary>
    public long Count { get; }

    /// <summary>The string.</summary>
    /// <exception cref="FileFormatException">Another type.</exception>
    public string AsString() => Type == GgufValueType.String ? StringAt(_offset, out _) : throw Wrong("a string");

    /// <summary>The truth value.</summary>
    /// <exception cref="FileFormatException">Another type.</exception>
    public bool AsBool() => Type == GgufValueType.Bool ? _file.Span(_offset, 1)[0] != 0 : throw Wrong("a bool");

    /// <summary>The integer, of whatever width the file uses.</summary>
    /// <exception cref="FileFormatException">No integer, or more than 63 bits.</exception>
    public long AsInt64() => GgufScalar.IsInteger(Type) ? IntegerAt(Type, 0) : throw Wrong("an integer");

    /// <summary>The number: Float32 or Float64.</summary>
    /// <exception cref="FileFormatException">Another type.</exception>
    public double AsDouble() => Type is GgufValueType.Float32 or GgufValueType.Float64
        ? GgufScalar.ReadFloat(Type, _file.Span(_offset, GgufScalar.Size(Type)))
        : throw Wrong("a float");

    /// <summary>All strings of an array.</summary>
    /// <exception cref="FileFormatException">No array of strings.</exception>
    public string[] AsStringArray()
    {
        RequireArray(ElementType == GgufValueType.String, "an array of strings");
        string[] strings = new string[Count];
        long at = _offset;
        for (int i = 0; i < strings.Length; i++)
        {
            strings[i] = StringAt(at, out at);
        }

        return strings;
    }

    /// <summary>All integers of an array, of whatever width the file uses.</summary>
    /// <exception cref="FileFormatException">No array of integers.</exception>
    public long[] AsInt64Array()
    {
        RequireArray(ElementType is { } type && GgufScalar.IsInteger(type), "an array of integers");
        long[] values = new long[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = IntegerAt(ElementType!.Value, i);
        }

        return values;
    }

    /// <summary>All numbers of an array of Float32 or Float64.</summary>
    /// <exception cref="FileFormatException">No array of floats.</exception>
    public float[] AsSingleArray()
    {
        RequireArray(ElementType is GgufValueType.Float32 or GgufValueType.Float64, "an array of floats");
        float[] values = new float[Count];
        int size = GgufScalar.Size(ElementType!.Value);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)GgufScalar.ReadFloat(ElementType.Value, _file.Span(_offset + (long)i * size, size));
        }

        return values;
    }

    /// <summary>The value as text for people: strings whole, arrays as type and count.</summary>
    public override string ToString() => Type switch
    {
        GgufValueType.String => AsString(),
        GgufValueType.Bool => AsBool() ? "true" : "false",
        GgufValueType.Array => string.Create(CultureInfo.InvariantCulture, $"{ElementType}[{Count}]"),
        GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(_file.Span(_offset, 8)).ToString(CultureInfo.InvariantCulture),
        GgufValueType.Float32 => ((float)AsDouble()).ToString(CultureInfo.InvariantCulture),
        GgufValueType.Float64 => AsDouble().ToString(CultureInfo.InvariantCulture),
        _ => AsInt64().ToString(CultureInfo.InvariantCulture),
    };

    private string StringAt(long offset, out long next)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(_file.Span(offset, sizeof(long)));
        next = offset + sizeof(long) + length;
        return Encoding.UTF8.GetString(_file.Span(offset + sizeof(long), length));
    }

    private long IntegerAt(GgufValueType type, long index)
    {
        int size = GgufScalar.Size(type);
        ReadOnlySpan<byte> bytes = _file.Span(_offset + index * size, size);
        return GgufScalar.TryReadInteger(type, bytes, out long value)
            ? value
            : throw new FileFormatException(_file.Path, Key, $"{BinaryPrimitives.ReadUInt64LittleEndian(bytes)}",
                "an integer that fits 63 bits");
    }

    private void RequireArray(bool fits, string expected)
    {
        if (!fits)
        {
            throw Wrong(expected);
        }

        if (Count > Array.MaxLength)
        {
            throw new FileFormatException(_file.Path, Key, $"{Count} elements", $"at most {Array.MaxLength}");
        }
    }

    internal FileFormatException Wrong(string expected) =>
        new(_file.Path, Key, Type == GgufValueType.Array ? $"an array of {ElementType}" : $"{Type}", expected);
}
