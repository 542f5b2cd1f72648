namespace SkPeft.Tensors.Formats.Dequantization;

/// <summary>Decodes whole blocks: <paramref name="from"/> holds exactly the blocks of <paramref name="to"/>.</summary>
internal delegate void BlockDecoder(ReadOnlySpan<byte> from, Span<float> to);
