using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's <c>textwrap.wrap</c> of one line, as Jinja's wordwrap filter calls it: lines are parts of the text.</summary>
internal sealed class TextWrap
{
    private readonly int[] _codePoints;
    private readonly bool _breaksWords;
    private readonly bool _breaksAtHyphens;

    private TextWrap(PyString text, bool breaksWords, bool breaksAtHyphens, Budget budget)
    {
        budget.Text(0, text.Text.Length * 4L);
        (_breaksWords, _breaksAtHyphens) = (breaksWords, breaksAtHyphens);
        _codePoints = new int[text.Length];
        for (int i = 0; i < _codePoints.Length; i++)
        {
            _codePoints[i] = CodePoints.At(text.Text, text.Utf16Index(i));
        }
    }

    public static List<PyString> Lines(PyString text, int width, bool breaksWords, bool breaksAtHyphens, Budget budget)
    {
        if (width <= 0)
        {
            throw JinjaException.Value($"invalid width {width} (must be > 0)");
        }

        TextWrap wrap = new(text, breaksWords, breaksAtHyphens, budget);
        List<PyString> lines = [];
        int next = 0;
        List<int> ends = wrap.ChunkEnds();
        for (int start = 0; start < wrap._codePoints.Length;)
        {
            // A line begins with no white space, but the first may.
            if (lines.Count > 0 && wrap.IsBlank(start, ends[next]))
            {
                start = ends[next++];
                continue;
            }

            int end = start;
            int last = start;
            while (next < ends.Count && ends[next] - start <= width)
            {
                last = end;
                end = ends[next++];
            }

            if (next < ends.Count && ends[next] - end > width)
            {
                int cut = wrap.CutLongWord(start, end, ends[next], width);
                // Even nothing of a word ends the line, and keeps the white space before it, as Python does.
                last = breaksWords || cut > end ? end : last;
                next += cut == ends[next] ? 1 : 0;
                end = cut;
            }

            int kept = end > last && wrap.IsBlank(last, end) ? last : end;
            if (kept > start)
            {
                int from = text.Utf16Index(start);
                lines.Add(text.Part(from, text.Utf16Index(kept) - from));
            }

            start = end;
        }

        budget.Items(lines.Count);
        return lines;
    }

    /// <summary>How far a line goes into a word that fits on no line.</summary>
    private int CutLongWord(int start, int word, int end, int width)
    {
        if (!_breaksWords)
        {
            return word == start ? end : word;
        }

        int cut = word + (width - (word - start));
        if (_breaksAtHyphens)
        {
            int hyphen = cut - 1;
            while (hyphen > word && _codePoints[hyphen] != '-')
            {
                hyphen--;
            }

            return hyphen > word && _codePoints.AsSpan(word, hyphen - word).IndexOfAnyExcept('-') >= 0 ? hyphen + 1 : cut;
        }

        return cut;
    }

    private List<int> ChunkEnds()
    {
        List<int> ends = [];
        for (int i = 0; i < _codePoints.Length; i = ends[^1])
        {
            int end = i + 1;
            if (IsBreakable(i))
            {
                while (end < _codePoints.Length && IsBreakable(end))
                {
                    end++;
                }
            }
            else
            {
                int dash = _breaksAtHyphens ? DashEnd(i) : 0;
                end = dash > 0 ? dash : WordEnd(end);
            }

            ends.Add(end);
        }

        return ends;
    }

    private int WordEnd(int end)
    {
        while (end < _codePoints.Length && !IsBreakable(end))
        {
            if (_breaksAtHyphens && IsHyphenInWord(end))
            {
                return end + 1;
            }

            if (_breaksAtHyphens && DashEnd(end) > 0)
            {
                return end;
            }

            end++;
        }

        return end;
    }

    /// <summary>A hyphen after two letters, or after a letter that follows a hyphen, and before two that a hyphen may part.</summary>
    private bool IsHyphenInWord(int at) => _codePoints[at] == '-'
        && IsLetter(at - 1) && (IsLetter(at - 2) || (Is(at - 2, '-') && IsLetter(at - 3)))
        && IsLetter(at + 1) && (IsLetter(at + 2) || (Is(at + 2, '-') && IsLetter(at + 3)));

    /// <summary>Where a dash of two hyphens or more between words ends; 0 where there is none.</summary>
    private int DashEnd(int at)
    {
        int end = at;
        if (at > 0 && (CodePoints.IsWord(_codePoints[at - 1]) || "!\"'&.,?".Contains((char)_codePoints[at - 1], StringComparison.Ordinal)))
        {
            while (Is(end, '-'))
            {
                end++;
            }
        }

        return end - at >= 2 && end < _codePoints.Length && CodePoints.IsWord(_codePoints[end]) ? end : 0;
    }

    private bool Is(int at, char c) => at >= 0 && at < _codePoints.Length && _codePoints[at] == c;

    private bool IsLetter(int at) => at >= 0 && at < _codePoints.Length && CodePoints.IsWord(_codePoints[at]) && !CodePoints.IsDecimal(_codePoints[at]);

    private bool IsBreakable(int at) => _codePoints[at] is '\t' or '\n' or '\v' or '\f' or '\r' or ' ';

    private bool IsBlank(int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            if (_codePoints[i] > 0xFFFF || !CodePoints.IsSpace((char)_codePoints[i]))
            {
                return false;
            }
        }

        return true;
    }
}
