namespace SkPeft.Tensors.Formats.Quantization;

/// <summary>Encodes whole blocks: <paramref name="to"/> has exactly the bytes of the blocks of <paramref name="from"/>, all of them finite.</summary>
internal delegate void BlockEncoder(ReadOnlySpan<float> from, Span<byte> to);
