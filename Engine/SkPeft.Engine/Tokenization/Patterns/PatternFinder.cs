using SkPeft.Engine.Tokenization.PreTokenization;

namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>A regular expression of tokenizer.json.</summary>
internal sealed class PatternFinder : IPieceFinder
{
    public static PatternFinder Compile(string file, string field, string pattern) =>
        throw new UnsupportedModelException(file, field, pattern, "the patterns of GPT-2, Llama 3 and Qwen 2");

    public bool TryFind(ReadOnlySpan<char> piece, int from, out int start, out int length)
    {
        start = length = 0;
        return false;
    }
}
