namespace SkPeft;

/// <summary>An immutable version of a named adapter in a store.</summary>
/// <param name="Name">The adapter's name, for instance <c>sentiment</c>.</param>
/// <param name="Number">The version, from 1.</param>
/// <param name="Digest">SHA-256 over the digests of its files, as <c>sha256sum</c> lists them: equal content, equal digest.</param>
/// <param name="PeftType">The method, for instance <c>LORA</c>.</param>
/// <param name="Bytes">The size of its files.</param>
/// <param name="Added">When it was added (UTC).</param>
/// <param name="Base">The base it was made for, or null until that is known.</param>
public sealed record AdapterVersion(
    string Name, int Number, string Digest, string PeftType, long Bytes, DateTimeOffset Added, ModelFingerprint? Base)
{
    /// <summary>The exact reference, for instance <c>sentiment@3</c>.</summary>
    public string Reference => $"{Name}@{Number}";
}
