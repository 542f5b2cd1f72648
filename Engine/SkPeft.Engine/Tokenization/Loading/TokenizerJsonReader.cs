using SkPeft.Engine.Tokenization.AddedTokens;
using SkPeft.Engine.Tokenization.Bpe;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Reads <c>tokenizer.json</c> as a whole.</summary>
internal static class TokenizerJsonReader
{
    public static ITokenizer Read(string path)
    {
        path = Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path;
        try
        {
            using JsonFile file = JsonFile.Open(path);
            return Read(file.Root, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
        }
        catch (InvalidOperationException e)
        {
            throw new FileFormatException(path, "text", "half a surrogate pair", "whole characters", e);
        }
    }

    private static BpeTokenizer Read(JsonPart root, string folder)
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
        bool isByteLevel = IsByteLevel(root["pre_tokenizer"]) || IsByteLevel(root["normalizer"]);
        Coverage.Check(root.File, vocabulary, options, isByteLevel);
        string[] rules = ["normalizer", "pre_tokenizer", "decoder"];
        return new BpeTokenizer(new TokenizerParts(
            vocabulary,
            BpeModelReader.ReadMerges(model, vocabulary, special),
            options,
            added,
            root["normalizer"] is { } normalizer ? NormalizerReader.Read(normalizer) : null,
            root["pre_tokenizer"] is { } preTokenizer ? PreTokenizerReader.Read(preTokenizer) : null,
            DecoderReader.Read(root["decoder"]),
            CompanionFiles.Read(folder, root, vocabulary, special),
            string.Join('\n', rules.Select(r => $"{r}: {root[r]?.Compact()}"))));
    }

    private static bool IsByteLevel(JsonPart? stage) => stage is { IsObject: true } part && (TypeOf(part) == "ByteLevel"
        || ((part["pretokenizers"] ?? part["normalizers"]) is { IsArray: true } inner && inner.Items().Any(i => IsByteLevel(i))));

    private static string? TypeOf(JsonPart part) => part["type"] is { IsString: true } type ? type.AsString() : null;
}
