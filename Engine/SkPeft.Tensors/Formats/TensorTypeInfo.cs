using SkPeft.Tensors.Formats.Dequantization;
using SkPeft.Tensors.Formats.Quantization;

namespace SkPeft.Tensors.Formats;

/// <summary>What the readers know about a <see cref="TensorType"/>. This table is the only place to edit when a type is added.</summary>
/// <param name="Type">The type.</param>
/// <param name="GgmlId">Its number in GGUF files, or null where GGUF has none.</param>
/// <param name="SafetensorsName">Its name in safetensors files, or null where that format has none.</param>
/// <param name="BlockSize">Numbers in a block; the last dimension is a multiple of it.</param>
/// <param name="BytesPerBlock">Bytes in a block.</param>
/// <param name="Decoder">Decodes blocks to floats; null where the type is only listed.</param>
/// <param name="Encoder">Encodes floats as blocks; null where the type is not written.</param>
internal sealed record TensorTypeInfo(
    TensorType Type, int? GgmlId, string? SafetensorsName, int BlockSize, int BytesPerBlock, BlockDecoder? Decoder, BlockEncoder? Encoder = null)
{
    private static readonly TensorTypeInfo[] s_all =
    [
        new(TensorType.F32, 0, "F32", 1, 4, FloatBlocks.DecodeF32, FloatEncoders.EncodeF32),
        new(TensorType.F16, 1, "F16", 1, 2, FloatBlocks.DecodeF16, FloatEncoders.EncodeF16),
        new(TensorType.BF16, 30, "BF16", 1, 2, FloatBlocks.DecodeBF16, FloatEncoders.EncodeBF16),
        new(TensorType.Q4_0, 2, null, 32, 18, Q4Blocks.DecodeQ4_0, Q4Encoder.EncodeQ4_0),
        new(TensorType.Q4_1, 3, null, 32, 20, Q4Blocks.DecodeQ4_1, Q4Encoder.EncodeQ4_1),
        new(TensorType.Q5_0, 6, null, 32, 22, Q5Blocks.DecodeQ5_0),
        new(TensorType.Q5_1, 7, null, 32, 24, Q5Blocks.DecodeQ5_1),
        new(TensorType.Q8_0, 8, null, 32, 34, Q8Blocks.DecodeQ8_0, Q8Encoder.EncodeQ8_0),
        new(TensorType.Q2_K, 10, null, 256, 84, Q2KBlocks.Decode),
        new(TensorType.Q3_K, 11, null, 256, 110, Q3KBlocks.Decode),
        new(TensorType.Q4_K, 12, null, 256, 144, Q4KBlocks.Decode),
        new(TensorType.Q5_K, 13, null, 256, 176, Q5KBlocks.Decode),
        new(TensorType.Q6_K, 14, null, 256, 210, Q6KBlocks.Decode),
        new(TensorType.IQ4_NL, 20, null, 32, 18, IQ4Blocks.DecodeNL),
        new(TensorType.IQ4_XS, 23, null, 256, 136, IQ4Blocks.DecodeXS),
        new(TensorType.F64, 28, "F64", 1, 8, null),
        new(TensorType.F8_E4M3, null, "F8_E4M3", 1, 1, null),
        new(TensorType.F8_E5M2, null, "F8_E5M2", 1, 1, null),
        new(TensorType.I64, 27, "I64", 1, 8, null),
        new(TensorType.I32, 26, "I32", 1, 4, null),
        new(TensorType.I16, 25, "I16", 1, 2, null),
        new(TensorType.I8, 24, "I8", 1, 1, null),
        new(TensorType.U64, null, "U64", 1, 8, null),
        new(TensorType.U32, null, "U32", 1, 4, null),
        new(TensorType.U16, null, "U16", 1, 2, null),
        new(TensorType.U8, null, "U8", 1, 1, null),
        new(TensorType.Bool, null, "BOOL", 1, 1, null),
    ];

    private static readonly TensorTypeInfo[] s_byType = [.. s_all.OrderBy(info => info.Type)];
    private static readonly Dictionary<int, TensorTypeInfo> s_byGgmlId =
        s_all.Where(info => info.GgmlId is not null).ToDictionary(info => info.GgmlId!.Value);
    private static readonly Dictionary<string, TensorTypeInfo> s_bySafetensorsName =
        s_all.Where(info => info.SafetensorsName is not null).ToDictionary(info => info.SafetensorsName!, StringComparer.Ordinal);

    public static string FloatTypesOfGguf { get; } =
        string.Join(", ", s_all.Where(info => info is { GgmlId: not null, Decoder: not null }).Select(info => info.Type));

    public static string WritableTypes { get; } = string.Join(", ", s_all.Where(info => info.Encoder is not null).Select(info => info.Type));

    public static string SafetensorsNames { get; } = string.Join(", ", s_bySafetensorsName.Keys);

    public static TensorTypeInfo Of(TensorType type) => s_byType[(int)type];

    public static TensorTypeInfo? FromGgmlId(uint id) => id <= int.MaxValue ? s_byGgmlId.GetValueOrDefault((int)id) : null;

    public static TensorTypeInfo? FromSafetensors(string name) => s_bySafetensorsName.GetValueOrDefault(name);
}
