using SkPeft.Engine.Models.Loading;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Tokenization;

/// <summary>Finds a model's tokenizer: in the metadata of its GGUF file, or in <c>tokenizer.json</c> beside its weights.</summary>
public static class ModelTokenizer
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>Loads the tokenizer.</summary>
    /// <returns>Null where the model brings none: it can then be used with token ids only.</returns>
    /// <exception cref="FileFormatException">It is malformed, or larger than the model's vocabulary.</exception>
    /// <exception cref="UnsupportedModelException">It is of a kind that is not supported.</exception>
    public static ITokenizer? Load(IWeightSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ITokenizer? tokenizer = source.Gguf is { } gguf ? FromGguf(gguf) : FromFolder(source.Path);
        int vocabulary = source.Config.Sizes.VocabularySize;
        return tokenizer is null || tokenizer.VocabularySize <= vocabulary
            ? tokenizer
            : throw new FileFormatException(source.Path, "tokenizer", $"{tokenizer.VocabularySize} tokens", $"at most {vocabulary}, the rows of the model's embedding");
    }

    /// <summary>Loads the tokenizer of a GGUF file, or null where it holds none.</summary>
    public static ITokenizer? FromGguf(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.GetString(Prefix + "model", null) is not { } model || model is "no_vocab" or "none")
        {
            return null;
        }

        return TokenizerLoader.FromGguf(new GgufVocabulary(file.Path, model, file.GetString(Prefix + "pre", null), file.GetStringArray(Prefix + "tokens"))
        {
            Scores = file.Find(Prefix + "scores")?.AsSingleArray(),
            TokenTypes = file.Find(Prefix + "token_type")?.AsInt64Array().Select(t => (int)Math.Clamp(t, int.MinValue, int.MaxValue)).ToArray(),
            Merges = file.Find(Prefix + "merges")?.AsStringArray(),
            Bos = file.Find(Prefix + "bos_token_id")?.AsInt64(),
            Eos = file.Find(Prefix + "eos_token_id")?.AsInt64(),
            Eot = file.Find(Prefix + "eot_token_id")?.AsInt64(),
            Unknown = file.Find(Prefix + "unknown_token_id")?.AsInt64(),
            AddBos = file.Find(Prefix + "add_bos_token")?.AsBool(),
            AddSpacePrefix = file.Find(Prefix + "add_space_prefix")?.AsBool(),
            ChatTemplate = file.GetString("tokenizer.chat_template", null),
        });
    }

    private static ITokenizer? FromFolder(string folder)
    {
        string path = Path.Combine(folder, "tokenizer.json");
        return File.Exists(path) ? TokenizerLoader.FromJsonFile(path) : null;
    }
}
