using SkPeft.Engine.Tokenization.Normalization;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Reads <c>normalizer</c> of tokenizer.json.</summary>
internal static class NormalizerReader
{
    private const string Supported = "Sequence, NFC, NFD, Prepend, Replace, Strip, Lowercase";

    public static Normalizer Read(JsonPart part)
    {
        JsonPart type = part.Need("type", $"one of {Supported}");
        switch (type.AsString())
        {
            case "Sequence":
                return new SequenceNormalizer([.. part.Need("normalizers", "a list of normalizers").Items().Select(Read)]);
            case "NFC":
                return new CanonicalNormalizer(compose: true);
            case "NFD":
                return new CanonicalNormalizer(compose: false);
            case "Prepend":
                return new PrependNormalizer(part.Need("prepend", "a text").AsString());
            case "Replace":
                return new ReplaceNormalizer(PatternReader.Read(part.Need("pattern", "a pattern")), part.Need("content", "a text").AsString());
            case "Strip":
                return new StripNormalizer(part["strip_left"]?.AsBool() ?? false, part["strip_right"]?.AsBool() ?? false);
            case "Lowercase":
                return new LowercaseNormalizer();
            default:
                throw type.Unsupported(Supported);
        }
    }
}
