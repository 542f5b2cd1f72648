using System.Text;

namespace SkPeft.Engine.Structured.Automata;

/// <summary>
/// Reads the part of ECMA 262's regular expressions that a finite automaton can hold: classes, groups, alternatives, repetitions, and
/// anchors. References back, assertions of words and of what lies around are refused.
/// </summary>
internal sealed class RegexParser
{
    // Enough for what people write; a repetition is a copy, and copies inside copies multiply.
    private const int MaxRepeat = 1000;
    private const int MaxDepth = 100;

    private readonly int[] _pattern;
    private int _at;
    private int _depth;

    private RegexParser(string pattern) => _pattern = [.. pattern.EnumerateRunes().Select(r => r.Value)];

    private int Here => _at < _pattern.Length ? _pattern[_at] : -1;

    /// <exception cref="RegexException">The pattern is malformed, or uses what is not supported.</exception>
    public static RegexNode Parse(string pattern)
    {
        RegexParser parser = new(pattern);
        RegexNode node = parser.ParseChoice();
        return parser.Here < 0 ? node : throw parser.Wrong("a ')' that closes nothing", "balanced parentheses");
    }

    private ChoiceNode ParseChoice()
    {
        if (++_depth > MaxDepth)
        {
            throw Wrong($"more than {MaxDepth} groups inside each other", "fewer");
        }

        List<RegexNode> items = [ParseSequence()];
        while (Take('|'))
        {
            items.Add(ParseSequence());
        }

        _depth--;
        return new ChoiceNode(items);
    }

    private SequenceNode ParseSequence()
    {
        List<RegexNode> items = [];
        while (Here is not (-1 or '|' or ')'))
        {
            items.Add(ParseRepeat(ParseAtom()));
        }

        return new SequenceNode(items);
    }

    private RegexNode ParseAtom()
    {
        int c = _pattern[_at++];
        switch (c)
        {
            case '(':
                SkipGroupName();
                ChoiceNode group = ParseChoice();
                return Take(')') ? group : throw Wrong("a '(' without its ')'", "balanced parentheses");
            case '[':
                return new SetNode(new RegexClassParser(_pattern, ref _at).Set);
            case '.':
                return new SetNode(CharSet.Dot);
            case '^':
                return new BeginNode();
            case '$':
                return new EndNode();
            case '\\':
                return new SetNode(RegexEscape.Parse(_pattern, ref _at, isInClass: false));
            case '*' or '+' or '?' or '{' or '}' or ']':
                throw Wrong($"'{(char)c}' with nothing to repeat", "a character, class or group in front of it, or '\\' where it means itself");
            default:
                return new SetNode(CharSet.Of([(c, c)]));
        }
    }

    private void SkipGroupName()
    {
        if (!Take('?'))
        {
            return;
        }

        if (Take(':'))
        {
            return;
        }

        int close = Array.IndexOf(_pattern, '>', _at);
        if (Here == '<' && _at + 1 < _pattern.Length && _pattern[_at + 1] is not ('=' or '!') && close > 0)
        {
            _at = close + 1;
            return;
        }

        throw Wrong("an assertion or option '(?…'", "plain groups '(…)', '(?:…)' or '(?<name>…)'");
    }

    private RegexNode ParseRepeat(RegexNode item)
    {
        while (true)
        {
            if (ReadBounds() is not { } bounds)
            {
                return item;
            }

            // Lazy or greedy, the language is the same.
            Take('?');
            item = item is BeginNode or EndNode
                ? throw Wrong("a repeated anchor", "'^' and '$' without a repetition")
                : new RepeatNode(item, bounds.Min, bounds.Max);
        }
    }

    private (int Min, int? Max)? ReadBounds()
    {
        if (Take('*'))
        {
            return (0, null);
        }

        if (Take('+'))
        {
            return (1, null);
        }

        if (Take('?'))
        {
            return (0, 1);
        }

        if (!Take('{'))
        {
            return null;
        }

        int? min = ReadNumber();
        bool isRange = Take(',');
        int? max = isRange ? ReadNumber() : min;
        return min is not null && Take('}') && (max is null || max >= min)
            ? (min.Value, max)
            : throw Wrong("a malformed repetition '{…}'", "'{n}', '{n,}' or '{n,m}'");
    }

    private int? ReadNumber()
    {
        int start = _at;
        int value = 0;
        while (Here is >= '0' and <= '9')
        {
            value = (value * 10) + (_pattern[_at++] - '0');
            if (value > MaxRepeat)
            {
                throw Wrong($"more than {MaxRepeat} repetitions", $"at most {MaxRepeat}");
            }
        }

        return _at == start ? null : value;
    }

    private bool Take(char c)
    {
        bool taken = Here == c;
        _at += taken ? 1 : 0;
        return taken;
    }

    private RegexException Wrong(string found, string expected) => new($"{found} at character {_at + 1}", expected);

    /// <summary>The text of a pattern's part, for messages.</summary>
    internal static string Show(int codePoint) => Rune.IsValid(codePoint) ? new Rune(codePoint).ToString() : $"U+{codePoint:X4}";
}
