using SkPeft.Engine.Tokenization.Decoding;
using SkPeft.Engine.Tokenization.Normalization;
using SkPeft.Engine.Tokenization.Patterns;
using SkPeft.Engine.Tokenization.PreTokenization;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>What a GGUF file says with one word, and tokenizer.json with a page: how text is prepared.</summary>
internal sealed record GgufScheme(string Name, Normalizer? Normalizer, PreTokenizer PreTokenizer, DecodingRules Decoding, bool IgnoreMerges, bool AddsBos)
{
    private const string Supported = "gpt-2, smollm (starcoder, refact, command-r, codeshell), llama-bpe (llama3, llama-v3), qwen2, default";

    /// <summary>What llama.cpp does where the converter did not know the model.</summary>
    private static readonly string[] s_default =
    [
        @"[\p{P}\$\+<=>\^~\|]+",
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)",
        @"\p{N}+",
        "[0-9][0-9][0-9]",
    ];

    private static readonly DecodingRules s_bytes = new([], ByteMeaning.ByteLevel, default, "");

    /// <exception cref="UnsupportedModelException">The pre-tokeniser is none of ours.</exception>
    public static GgufScheme ByteLevel(GgufVocabulary source) => source.Pre switch
    {
        "gpt-2" or "gpt2" or "phi-2" => Words("gpt-2", WordScanner.Gpt2),
        "smollm" or "starcoder" or "refact" or "command-r" or "codeshell" => Words("smollm", new CharacterFinder(CharacterClasses.IsNumber), WordScanner.Gpt2),
        "llama-bpe" or "llama3" or "llama-v3" => Words("llama-bpe", WordScanner.Llama3) with { IgnoreMerges = true, AddsBos = true },
        // The published tokenizer composes characters first; llama.cpp leaves that out.
        "qwen2" => Words("qwen2", WordScanner.Qwen2) with { Normalizer = new CanonicalNormalizer(compose: true) },
        "default" => Words("default", [.. s_default.Select(p => PatternFinder.Compile(source.Source, "tokenizer.ggml.pre", p))]),
        _ => throw new UnsupportedModelException(source.Source, "tokenizer.ggml.pre", source.Pre ?? "absent", Supported),
    };

    /// <summary>A metaspace for every space and, unless the file says otherwise, one in front of every run of text.</summary>
    public static GgufScheme SentencePiece(GgufVocabulary source)
    {
        if (source.Pre is not (null or "default" or "llama"))
        {
            throw new UnsupportedModelException(source.Source, "tokenizer.ggml.pre", source.Pre, "default, for the model llama");
        }

        bool prefix = source.AddSpacePrefix ?? true;
        ReplaceNormalizer spaces = new(new LiteralFinder(" "), "▁");
        return new GgufScheme(
            prefix ? "▁ in front" : "nothing in front",
            prefix ? new SequenceNormalizer([new PrependNormalizer("▁"), spaces]) : spaces,
            new SequencePreTokenizer([]),
            new DecodingRules([new ReplaceStep(t => t.Replace('▁', ' '))], ByteMeaning.Fallback, new EdgeStrip(' ', prefix ? 1 : 0, 0), ""),
            IgnoreMerges: false,
            AddsBos: true);
    }

    private static GgufScheme Words(string name, params IPieceFinder[] cuts) => new(
        name,
        null,
        new SequencePreTokenizer(
            [.. cuts.Select(c => new SplitPreTokenizer(c, SplitBehavior.Isolated, invert: false)), new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: false)]),
        s_bytes,
        IgnoreMerges: false,
        AddsBos: false);
}
