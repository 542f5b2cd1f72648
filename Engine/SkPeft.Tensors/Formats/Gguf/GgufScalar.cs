using System.Buffers.Binary;

namespace SkPeft.Tensors.Formats;

/// <summary>Sizes and readings of the scalar metadata types.</summary>
internal static class GgufScalar
{
    public static bool IsInteger(GgufValueType type) => type is not
        (GgufValueType.Float32 or GgufValueType.Float64 or GgufValueType.Bool or GgufValueType.String or GgufValueType.Array);

    /// <summary>The metadata type of a .NET type.</summary>
    /// <exception cref="ArgumentException">A type that metadata cannot have.</exception>
    public static GgufValueType TypeOf<T>()
        where T : unmanaged => Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Byte => GgufValueType.UInt8,
            TypeCode.SByte => GgufValueType.Int8,
            TypeCode.UInt16 => GgufValueType.UInt16,
            TypeCode.Int16 => GgufValueType.Int16,
            TypeCode.UInt32 => GgufValueType.UInt32,
            TypeCode.Int32 => GgufValueType.Int32,
            TypeCode.UInt64 => GgufValueType.UInt64,
            TypeCode.Int64 => GgufValueType.Int64,
            TypeCode.Single => GgufValueType.Float32,
            TypeCode.Double => GgufValueType.Float64,
            TypeCode.Boolean => GgufValueType.Bool,
            _ => throw new ArgumentException($"GGUF metadata cannot hold {typeof(T).Name}; numbers and truth values can be written."),
        };

    /// <summary>Bytes of a scalar; for strings and arrays, of the shortest one.</summary>
    public static int Size(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.Array => 12,
        _ => 8,
    };

    public static bool TryReadInteger(GgufValueType type, ReadOnlySpan<byte> bytes, out long value)
    {
        value = type switch
        {
            GgufValueType.UInt8 => bytes[0],
            GgufValueType.Int8 => (sbyte)bytes[0],
            GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };
        return type != GgufValueType.UInt64 || value >= 0;
    }

    public static double ReadFloat(GgufValueType type, ReadOnlySpan<byte> bytes) => type == GgufValueType.Float32
        ? BinaryPrimitives.ReadSingleLittleEndian(bytes)
        : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
}
