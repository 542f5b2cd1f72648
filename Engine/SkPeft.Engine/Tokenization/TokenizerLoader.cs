using SkPeft.Engine.Tokenization.Loading;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Tokenization;

/// <summary>Opens tokenizers.</summary>
public static class TokenizerLoader
{
    /// <summary>
    /// Reads Hugging Face's <c>tokenizer.json</c>: byte-level BPE, and SentencePiece BPE with byte fallback. Roles of tokens and the chat
    /// template come from the files beside it, where they are (<c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>,
    /// <c>generation_config.json</c>, <c>config.json</c>, <c>chat_template.jinja</c>). Truncation and padding are not a tokenizer's business here.
    /// </summary>
    /// <param name="path">The file, or the folder that it lies in.</param>
    /// <exception cref="FileAccessException">The file is missing or may not be read.</exception>
    /// <exception cref="FileFormatException">A file is malformed.</exception>
    /// <exception cref="UnsupportedModelException">It asks for something that this engine does not have.</exception>
    public static ITokenizer FromJsonFile(string path) => TokenizerJsonReader.Read(path);

    /// <summary>Opens whatever a user names: a GGUF file, a <c>tokenizer.json</c>, or the folder of one.</summary>
    /// <param name="path">A file or folder.</param>
    /// <exception cref="FileAccessException">The file is missing or may not be read.</exception>
    /// <exception cref="FileFormatException">A file is malformed.</exception>
    /// <exception cref="UnsupportedModelException">It asks for something that this engine does not have.</exception>
    public static ITokenizer Open(string path)
    {
        if (!path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
        {
            return FromJsonFile(path);
        }

        using GgufFile file = GgufFile.Open(path);
        return FromGguf(file);
    }

    /// <summary>Builds the tokenizer of a GGUF file, which may be closed afterwards.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="FileFormatException">Its metadata is missing or inconsistent.</exception>
    /// <exception cref="UnsupportedModelException">It asks for something that this engine does not have.</exception>
    public static ITokenizer FromGguf(GgufFile file) => FromGguf(GgufVocabularyReader.Read(file));

    /// <summary>Builds the tokenizer of a GGUF file from its metadata.</summary>
    /// <param name="vocabulary">The metadata.</param>
    /// <exception cref="FileFormatException">It is inconsistent.</exception>
    /// <exception cref="UnsupportedModelException">It asks for something that this engine does not have.</exception>
    public static ITokenizer FromGguf(GgufVocabulary vocabulary) => GgufTokenizerBuilder.Build(vocabulary);
}
