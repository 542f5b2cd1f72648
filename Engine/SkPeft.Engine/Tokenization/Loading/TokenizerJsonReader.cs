using SkPeft.Engine.Tokenization.AddedTokens;
using SkPeft.Engine.Tokenization.Bpe;
using SkPeft.Engine.Tokenization.Decoding;
using SkPeft.Engine.Tokenization.Normalization;
using SkPeft.Engine.Tokenization.PreTokenization;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Reads <c>tokenizer.json</c> as a whole.</summary>
internal static class TokenizerJsonReader
{
    public static ITokenizer Read(string path) => Read(path, (_, parts) => new BpeTokenizer(parts));

    /// <summary>Reads a file, and makes something of it while its text is at hand.</summary>
    public static T Read<T>(string path, Func<JsonPart, TokenizerParts, T> use)
    {
        path = Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path;
        try
        {
            using JsonFile file = JsonFile.Open(path);
            return use(file.Root, ReadParts(file.Root, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "."));
        }
        catch (InvalidOperationException e)
        {
            throw new FileFormatException(path, "text", "half a surrogate pair", "whole characters", e);
        }
    }

    private static TokenizerParts ReadParts(JsonPart root, string folder)
    {
        if (root["version"] is { } version && version.AsString() != "1.0")
        {
            throw version.Unsupported("\"1.0\"");
        }

        JsonPart model = root.Need("model", "a BPE model");
        BpeModelReader.RefuseUnsupported(model);
        VocabularyBuilder builder = BpeModelReader.ReadVocabulary(model);
        List<AddedToken> added = root["added_tokens"] is { } tokens ? AddedTokenReader.Read(tokens, builder) : [];
        Vocabulary vocabulary = builder.Build();
        HashSet<int> special = [.. added.Where(t => t.Special).Select(t => t.Id)];
        BpeOptions options = BpeModelReader.ReadOptions(model, vocabulary);
        Normalizer? normalizer = root["normalizer"] is { } rewriting ? NormalizerReader.Read(rewriting) : null;
        PreTokenizer? preTokenizer = root["pre_tokenizer"] is { } cutting ? PreTokenizerReader.Read(cutting) : null;
        DecodingRules decoding = DecoderReader.Read(root["decoder"]);
        MergeTable merges = BpeModelReader.ReadMerges(model, vocabulary, special);
        Coverage.Check(root.File, vocabulary, options, IsByteLevel(root["pre_tokenizer"]));
        string[] rules = ["normalizer", "pre_tokenizer", "decoder"];
        return new TokenizerParts(
            vocabulary,
            merges,
            options,
            added,
            normalizer,
            preTokenizer,
            decoding,
            CompanionFiles.Read(folder, root, vocabulary, special),
            string.Join('\n', rules.Select(r => $"{r}: {root[r]?.Compact()}")));
    }

    private static bool IsByteLevel(JsonPart? stage) => stage is { IsObject: true } part && (TypeOf(part) == "ByteLevel"
        || (part["pretokenizers"] is { IsArray: true } inner && inner.Items().Any(i => IsByteLevel(i))));

    private static string? TypeOf(JsonPart part) => part["type"] is { IsString: true } type ? type.AsString() : null;
}
