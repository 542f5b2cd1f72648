namespace SkPeft;

/// <summary>What an adapter remembers of the base it was made for. Digests are SHA-256 in lower-case hexadecimal.</summary>
/// <param name="Shapes">Of sizes, RoPE and norm settings.</param>
/// <param name="Tokenizer">Of the vocabulary and its rules; null where the model has none.</param>
/// <param name="Weights">Of the weights as stored: another quantisation of the same model has another digest.</param>
public sealed record ModelFingerprint(string Shapes, string? Tokenizer, string Weights);
