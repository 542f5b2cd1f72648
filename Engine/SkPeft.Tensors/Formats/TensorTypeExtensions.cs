namespace SkPeft.Tensors.Formats;

/// <summary>Sizes of the encodings.</summary>
public static class TensorTypeExtensions
{
    /// <summary>Numbers in one block of <paramref name="type"/>; blocks run along the last dimension.</summary>
    public static int BlockSize(this TensorType type) => TensorTypeInfo.Of(type).BlockSize;

    /// <summary>Bytes in one block of <paramref name="type"/>.</summary>
    public static int BytesPerBlock(this TensorType type) => TensorTypeInfo.Of(type).BytesPerBlock;

    /// <summary>True where tensors of <paramref name="type"/> can be read as floats.</summary>
    public static bool IsReadableAsFloat(this TensorType type) => TensorTypeInfo.Of(type).Decoder is not null;

    /// <summary>True where floats can be written as <paramref name="type"/>.</summary>
    public static bool IsWritable(this TensorType type) => TensorTypeInfo.Of(type).Encoder is not null;
}
