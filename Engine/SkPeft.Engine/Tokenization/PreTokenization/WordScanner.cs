using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.PreTokenization;

/// <summary>
/// The published word patterns as scanners over code points. They match at every position, so words follow each other
/// without gaps. GPT-2: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// Llama 3 (Qwen 2 with one digit instead of three):
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal abstract class WordScanner : IPieceFinder
{
    public static WordScanner Gpt2 { get; } = new Gpt2Scanner();

    public static WordScanner Llama3 { get; } = new Llama3Scanner(3);

    public static WordScanner Qwen2 { get; } = new Llama3Scanner(1);

    public bool TryFind(ReadOnlySpan<char> piece, int from, ref long effort, out int start, out int length)
    {
        start = from;
        length = from < piece.Length ? WordLength(piece[from..]) : 0;
        return from < piece.Length;
    }

    /// <summary>The length of the word that a non-empty text starts with.</summary>
    protected abstract int WordLength(ReadOnlySpan<char> text);

    protected static int Run(ReadOnlySpan<char> text, int from, Func<int, bool> isIn, int limit = int.MaxValue)
    {
        for (; from < text.Length && limit > 0; limit--)
        {
            if (!isIn(CodePoints.At(text, from, out int length)))
            {
                break;
            }

            from += length;
        }

        return from;
    }

    /// <summary><c>\s+(?!\S)|\s+</c>: a run of blanks, without its last where a word follows that may want it.</summary>
    protected static int Blanks(ReadOnlySpan<char> text)
    {
        int end = Run(text, 0, CharacterClasses.IsWhite);
        return end < text.Length && end > 1 ? end - 1 : end;
    }

    protected static int Contraction(ReadOnlySpan<char> text, bool ignoreCase)
    {
        if (text.Length < 2 || text[0] != '\'')
        {
            return 0;
        }

        char first = Fold(text[1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
        {
            return 2;
        }

        char second = text.Length > 2 ? Fold(text[2], ignoreCase) : '\0';
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static char Fold(char c, bool ignoreCase) => !ignoreCase ? c : c == 'ſ' ? 's' : char.ToLowerInvariant(c);

    private sealed class Gpt2Scanner : WordScanner
    {
        protected override int WordLength(ReadOnlySpan<char> text)
        {
            if (Contraction(text, ignoreCase: false) is > 0 and int contraction)
            {
                return contraction;
            }

            int from = text[0] == ' ' && text.Length > 1 ? 1 : 0;
            int first = CodePoints.At(text, from, out _);
            return CharacterClasses.IsLetter(first) ? Run(text, from, CharacterClasses.IsLetter)
                : CharacterClasses.IsNumber(first) ? Run(text, from, CharacterClasses.IsNumber)
                : CharacterClasses.IsOther(first) ? Run(text, from, CharacterClasses.IsOther)
                : Blanks(text);
        }
    }

    private sealed class Llama3Scanner(int digits) : WordScanner
    {
        protected override int WordLength(ReadOnlySpan<char> text)
        {
            if (Contraction(text, ignoreCase: true) is > 0 and int contraction)
            {
                return contraction;
            }

            int first = CodePoints.At(text, 0, out int length);
            int second = length < text.Length ? CodePoints.At(text, length, out _) : '\n';
            if (CharacterClasses.IsLetter(first))
            {
                return Run(text, 0, CharacterClasses.IsLetter);
            }

            if (CharacterClasses.IsNumber(first))
            {
                return Run(text, 0, CharacterClasses.IsNumber, digits);
            }

            if (first is not ('\r' or '\n') && CharacterClasses.IsLetter(second))
            {
                return Run(text, length, CharacterClasses.IsLetter);
            }

            bool spaced = first == ' ' && text.Length > 1 && CharacterClasses.IsOther(second);
            if (spaced || CharacterClasses.IsOther(first))
            {
                return Run(text, Run(text, spaced ? 1 : 0, CharacterClasses.IsOther), c => c is '\r' or '\n');
            }

            int end = Run(text, 0, CharacterClasses.IsWhite);
            int newline = text[..end].LastIndexOfAny('\r', '\n');
            return newline >= 0 ? newline + 1 : Blanks(text);
        }
    }
}
