using SkPeft.Engine.Tokenization.Patterns;
using SkPeft.Engine.Tokenization.PreTokenization;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Reads a <c>pattern</c>: <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
internal static class PatternReader
{
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Rest = @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Published patterns that have a scanner of their own.</summary>
    private static readonly Dictionary<string, WordScanner> s_known = new(StringComparer.Ordinal)
    {
        [@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"] = WordScanner.Gpt2,
        [@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"] = WordScanner.Gpt2,
        [Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|" + Rest] = WordScanner.Llama3,
        [Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|" + Rest] = WordScanner.Qwen2,
    };

    public static IPieceFinder Read(JsonPart pattern)
    {
        if (pattern["String"] is { } literal)
        {
            return literal.AsString() is { Length: > 0 } text ? new LiteralFinder(text) : throw literal.Wrong("a text that is not empty");
        }

        JsonPart regex = pattern["Regex"] ?? throw pattern.Wrong("{\"String\": …} or {\"Regex\": …}");
        return OfRegex(regex.File, regex.Path, regex.AsString());
    }

    public static IPieceFinder OfRegex(string file, string field, string pattern) =>
        s_known.TryGetValue(pattern, out WordScanner? scanner) ? scanner : PatternFinder.Compile(file, field, pattern);
}
