using System.Globalization;
using SkPeft.Engine.Tokenization.PreTokenization;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>A regular expression of a tokenizer's file.</summary>
internal sealed class PatternFinder : IPieceFinder
{
    /// <summary>Published patterns need a handful of steps a character.</summary>
    private const long StepsPerCharacter = 2000;

    private const long StepsAtLeast = 10_000_000;

    [ThreadStatic]
    private static Stack<PatternMatcher.Alternative>? t_stack;

    private readonly string _file;
    private readonly string _field;
    private readonly string _pattern;
    private readonly PatternStep[] _steps;

    private PatternFinder(string file, string field, string pattern, PatternStep[] steps)
    {
        _file = file;
        _field = field;
        _pattern = pattern;
        _steps = steps;
    }

    /// <exception cref="UnsupportedModelException">The pattern is not understood.</exception>
    public static PatternFinder Compile(string file, string field, string pattern)
    {
        try
        {
            return new PatternFinder(file, field, pattern, PatternProgram.Compile(PatternParser.Parse(pattern)));
        }
        catch (PatternSyntaxException e)
        {
            throw new UnsupportedModelException(
                file,
                field,
                $"the pattern {pattern}, in which {e.Message}",
                "classes, properties of general categories, groups, repeats, looking ahead, looking behind at texts of one length, anchors");
        }
    }

    /// <exception cref="UnsupportedModelException">The pattern takes too many steps on this text.</exception>
    public bool TryFind(ReadOnlySpan<char> piece, int from, ref long effort, out int start, out int length)
    {
        long limit = StepsAtLeast + (StepsPerCharacter * piece.Length);
        PatternMatcher matcher = new(_steps, piece, t_stack ??= new(), limit - effort);
        for (start = from; start <= piece.Length;)
        {
            int end = matcher.Match(start);
            effort = limit - matcher.Budget;
            if (matcher.Budget < 0)
            {
                throw new UnsupportedModelException(
                    _file, _field, _pattern, string.Create(CultureInfo.InvariantCulture, $"patterns that take at most {limit} steps for a text of {piece.Length} characters"));
            }

            if (end >= 0)
            {
                length = end - start;
                return true;
            }

            start += SkipLength(piece, start);
        }

        length = 0;
        return false;
    }

    /// <summary>
    /// Where nothing matched, the next place to try. A pattern that begins with an unlimited run of a class fails at every later
    /// place of that run too: it would come to the same ends.
    /// </summary>
    private int SkipLength(ReadOnlySpan<char> piece, int start)
    {
        int length = start < piece.Length ? CodePointLength(piece, start) : 1;
        if (_steps[0] is { Op: PatternOp.Loop or PatternOp.PossessiveLoop, B: int.MaxValue, Set: { } set })
        {
            int end = start;
            while (end < piece.Length && set.Contains(CodePoints.At(piece, end, out int next)))
            {
                end += next;
            }

            length = Math.Max(length, end - start);
        }

        return length;
    }

    private static int CodePointLength(ReadOnlySpan<char> piece, int at)
    {
        CodePoints.At(piece, at, out int length);
        return length;
    }
}
