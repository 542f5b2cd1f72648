namespace SkPeft.Tensors.Formats;

/// <summary>Reads the key-value part of a GGUF file: walks every value once, checks it, and remembers where it lies.</summary>
internal static class GgufMetadataReader
{
    private const int MaximumKeyBytes = 65535; // the specification's limit
    private const int MaximumNesting = 4;

    public static Dictionary<string, GgufValue> Read(MappedFile file, GgufCursor cursor, long count)
    {
        Dictionary<string, GgufValue> values = new(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            string key = cursor.ReadName($"metadata key {i}", MaximumKeyBytes);
            GgufValueType type = ReadType(file, cursor, $"{key} type");
            if (!values.TryAdd(key, ReadValue(file, cursor, key, type)))
            {
                throw new FileFormatException(file.Path, $"metadata key {i}", $"'{key}' a second time", "every key once");
            }
        }

        return values;
    }

    private static GgufValue ReadValue(MappedFile file, GgufCursor cursor, string key, GgufValueType type)
    {
        if (type != GgufValueType.Array)
        {
            long offset = cursor.Position;
            SkipValues(file, cursor, key, type, 1, 0);
            return new GgufValue(file, key, type, null, 1, offset);
        }

        (GgufValueType elementType, long count) = ReadArrayHead(file, cursor, key);
        long start = cursor.Position;
        SkipValues(file, cursor, key, elementType, count, 1);
        return new GgufValue(file, key, type, elementType, count, start);
    }

    private static void SkipValues(MappedFile file, GgufCursor cursor, string field, GgufValueType type, long count, int nesting)
    {
        switch (type)
        {
            case GgufValueType.String:
                for (long i = 0; i < count; i++)
                {
                    cursor.ReadUtf8(field);
                }

                break;
            case GgufValueType.Array when nesting >= MaximumNesting:
                throw new FileFormatException(file.Path, field, $"arrays nested more than {MaximumNesting} deep", "a flat array");
            case GgufValueType.Array:
                for (long i = 0; i < count; i++)
                {
                    (GgufValueType elementType, long elements) = ReadArrayHead(file, cursor, field);
                    SkipValues(file, cursor, field, elementType, elements, nesting + 1);
                }

                break;
            case GgufValueType.Bool:
                for (long i = 0; i < count; i++)
                {
                    byte value = cursor.Take(field, 1)[0];
                    if (value > 1)
                    {
                        throw new FileFormatException(file.Path, field, $"{value}", "0 or 1, a bool");
                    }
                }

                break;
            default:
                cursor.Skip(field, count * GgufScalar.Size(type)); // count was checked against the remaining bytes: no overflow
                break;
        }
    }

    private static (GgufValueType Type, long Count) ReadArrayHead(MappedFile file, GgufCursor cursor, string field)
    {
        GgufValueType type = ReadType(file, cursor, field);
        return (type, cursor.ReadCount(field, GgufScalar.Size(type)));
    }

    private static GgufValueType ReadType(MappedFile file, GgufCursor cursor, string field)
    {
        uint type = cursor.ReadUInt32(field);
        return type <= (uint)GgufValueType.Float64
            ? (GgufValueType)type
            : throw new FileFormatException(file.Path, field, $"value type {type}", "a GGUF value type, 0 to 12");
    }
}
