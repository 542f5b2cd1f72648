using SkPeft.Engine.Tokenization;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Inputs;

/// <summary>Opens the tokenizer of whatever the user names: by content, not by the file's name.</summary>
internal static class TokenizerFile
{
    public static ITokenizer Open(string path)
    {
        if (!GgufSignature.IsIn(path))
        {
            return TokenizerLoader.FromJsonFile(path);
        }

        using GgufFile file = GgufFile.Open(path);
        return ModelTokenizer.FromGguf(file)
            ?? throw new FileAccessException(path, "the file holds no tokenizer", "Name a model file with one, or a tokenizer.json.");
    }
}
