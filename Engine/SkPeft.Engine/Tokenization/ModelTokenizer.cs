using SkPeft.Engine.Models.Loading;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Tokenization;

/// <summary>Finds a model's tokenizer: in the metadata of its GGUF file, or in <c>tokenizer.json</c> beside its weights.</summary>
public static class ModelTokenizer
{
    /// <summary>What llama.cpp's converter writes as <c>tokenizer.ggml.model</c> where a model was converted without its vocabulary.</summary>
    internal const string NoVocabulary = "no_vocab";

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
        return file.GetString("tokenizer.ggml.model", null) is null or NoVocabulary or "none" ? null : TokenizerLoader.FromGguf(file);
    }

    private static ITokenizer? FromFolder(string folder)
    {
        string path = Path.Combine(folder, "tokenizer.json");
        return File.Exists(path) ? TokenizerLoader.FromJsonFile(path) : null;
    }
}
