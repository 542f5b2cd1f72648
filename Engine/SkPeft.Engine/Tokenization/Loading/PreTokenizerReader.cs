using SkPeft.Engine.Tokenization.PreTokenization;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Reads <c>pre_tokenizer</c> of tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    private const string Supported = "Sequence, ByteLevel, Split, Digits, Punctuation, Metaspace, WhitespaceSplit";

    public static PreTokenizer Read(JsonPart part)
    {
        JsonPart type = part.Need("type", $"one of {Supported}");
        return type.AsString() switch
        {
            "Sequence" => new SequencePreTokenizer([.. part.Need("pretokenizers", "a list of pre-tokenizers").Items().Select(Read)]),
            "ByteLevel" => new ByteLevelPreTokenizer(part.Need("add_prefix_space", "true or false").AsBool(), part["use_regex"]?.AsBool() ?? true),
            "Split" => new SplitPreTokenizer(
                PatternReader.Read(part.Need("pattern", "a pattern")), Behavior(part.Need("behavior", "what becomes of a match")), part["invert"]?.AsBool() ?? false),
            "Digits" => new SplitPreTokenizer(
                new CharacterFinder(CharacterClasses.IsNumber),
                part["individual_digits"]?.AsBool() ?? false ? SplitBehavior.Isolated : SplitBehavior.Contiguous,
                invert: false),
            "Punctuation" => new SplitPreTokenizer(
                new CharacterFinder(CharacterClasses.IsPunctuation), part["behavior"] is { } b ? Behavior(b) : SplitBehavior.Isolated, invert: false),
            "WhitespaceSplit" => new SplitPreTokenizer(new CharacterFinder(CharacterClasses.IsWhite), SplitBehavior.Removed, invert: false),
            "Metaspace" => new MetaspacePreTokenizer(Metaspace(part), Scheme(part), part["split"]?.AsBool() ?? true),
            _ => throw type.Unsupported(Supported),
        };
    }

    /// <summary>The one character that stands for a space.</summary>
    public static string Metaspace(JsonPart part)
    {
        JsonPart replacement = part.Need("replacement", "one character");
        string text = replacement.AsString();
        return text.EnumerateRunes().Count() == 1 ? text : throw replacement.Wrong("one character");
    }

    public static PrependScheme Scheme(JsonPart part)
    {
        JsonPart? named = part["prepend_scheme"];
        PrependScheme scheme = named?.AsString() switch
        {
            null or "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw named.Value.Wrong("\"always\", \"first\" or \"never\""),
        };

        // An older file says only whether there is a prefix at all.
        if (part["add_prefix_space"] is not { } prefix || prefix.AsBool())
        {
            return scheme;
        }

        return named is null || scheme == PrependScheme.Never ? PrependScheme.Never : throw prefix.Wrong($"true, as prepend_scheme is {named.Value.AsString()}");
    }

    private static SplitBehavior Behavior(JsonPart part) => part.AsString() switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        _ => throw part.Wrong("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous"),
    };
}
