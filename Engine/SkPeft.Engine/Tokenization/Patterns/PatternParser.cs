using System.Globalization;

namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>
/// Reads the part of Oniguruma's syntax (doc/RE of kkos/oniguruma) that published pre-tokenisers use: classes, properties,
/// groups, greedy, lazy and possessive repeats, atomic groups, looking around, anchors, and ignoring case.
/// </summary>
internal sealed class PatternParser
{
    private const int MaximumDepth = 32;
    private const int MaximumCount = 1000;
    private const int MaximumStacked = 4;
    private const int MaximumLength = 1 << 14;

    private readonly PatternText _text;
    private readonly ClassParser _classes;
    private int _depth;

    private PatternParser(string pattern)
    {
        _text = new PatternText(pattern);
        _classes = new ClassParser(_text);
    }

    /// <exception cref="PatternSyntaxException">It is malformed or not supported.</exception>
    public static PatternNode Parse(string pattern)
    {
        if (pattern.Length > MaximumLength)
        {
            throw new PatternSyntaxException(string.Create(CultureInfo.InvariantCulture, $"it is longer than {MaximumLength} characters"));
        }

        PatternParser parser = new(pattern);
        PatternNode node = parser.Choice(ignoreCase: false);
        return parser._text.AtEnd ? node : throw parser._text.Problem("')' without '('");
    }

    private PatternNode Choice(bool ignoreCase)
    {
        if (++_depth > MaximumDepth)
        {
            throw _text.Problem("groups are nested too deeply");
        }

        List<PatternNode> options = [];
        do
        {
            options.Add(Sequence(ignoreCase));
        }
        while (_text.TryTake("|"));

        _depth--;
        return options.Count == 1 ? options[0] : new ChoiceNode(options);
    }

    private SequenceNode Sequence(bool ignoreCase)
    {
        List<PatternNode> parts = [];
        while (!_text.AtEnd && _text.Peek is not ('|' or ')'))
        {
            PatternNode part = Atom(ignoreCase);
            for (int stacked = 0; Repeat(part) is { } repeated; stacked++)
            {
                part = stacked < MaximumStacked ? repeated : throw _text.Problem("too many repeats on one another");
            }

            parts.Add(part);
        }

        return new SequenceNode(parts);
    }

    private PatternNode Atom(bool ignoreCase)
    {
        switch (_text.Peek)
        {
            case '(':
                return Group(ignoreCase);
            case '[':
                _text.Expect("[");
                return new SetNode(_classes.Bracketed(ignoreCase));
            case '\\':
                _text.Expect("\\");
                return (PatternNode?)Anchor() ?? new SetNode(_classes.Escape(ignoreCase));
            case '.':
                _text.Expect(".");
                return new SetNode(new CodePointSet(c => c != '\n'));
            case '^':
                _text.Expect("^");
                return new AnchorNode(AnchorKind.LineStart);
            case '$':
                _text.Expect("$");
                return new AnchorNode(AnchorKind.LineEnd);
            case '*' or '+' or '?':
                throw _text.Problem("nothing to repeat");
            default:
                int codePoint = _text.TakeCodePoint();
                return new SetNode(CodePointSet.Range(codePoint, codePoint, ignoreCase));
        }
    }

    private AnchorNode? Anchor()
    {
        AnchorKind? kind = _text.Peek switch
        {
            'A' => AnchorKind.TextStart,
            'z' => AnchorKind.TextEnd,
            'Z' => AnchorKind.TextEndOrNewline,
            'b' => AnchorKind.WordBoundary,
            'B' => AnchorKind.NotWordBoundary,
            _ => null,
        };
        _text.Position += kind is null ? 0 : 1;
        return kind is { } known ? new AnchorNode(known) : null;
    }

    private PatternNode Group(bool ignoreCase)
    {
        _text.Expect("(");
        // A switch holds for the rest of the group that it stands in, alternatives included.
        if (_text.TryTake("?i)"))
        {
            return Choice(ignoreCase: true);
        }

        if (_text.TryTake("?-i)"))
        {
            return Choice(ignoreCase: false);
        }

        (string Opening, Func<PatternNode> Read)[] kinds =
        [
            ("?:", () => Choice(ignoreCase)),
            ("?i:", () => Choice(true)),
            ("?-i:", () => Choice(false)),
            ("?=", () => new LookNode(Choice(ignoreCase), Behind: false, Negative: false)),
            ("?!", () => new LookNode(Choice(ignoreCase), Behind: false, Negative: true)),
            ("?<=", () => Behind(Choice(ignoreCase), negative: false)),
            ("?<!", () => Behind(Choice(ignoreCase), negative: true)),
            ("?>", () => new AtomicNode(Choice(ignoreCase))),
        ];
        Func<PatternNode>? read = kinds.FirstOrDefault(k => _text.TryTake(k.Opening)).Read;
        if (read is null && _text.Peek == '?')
        {
            throw _text.Problem("this kind of group is not supported");
        }

        PatternNode node = (read ?? (() => Choice(ignoreCase)))();
        _text.Expect(")");
        return node;
    }

    private LookNode Behind(PatternNode body, bool negative) => body.Maximum == body.Minimum
        ? new LookNode(body, Behind: true, negative)
        : throw _text.Problem("looking behind for texts of several lengths is not supported");

    private RepeatNode? Repeat(PatternNode body)
    {
        if (_text.TryTake("*"))
        {
            return WithMode(body, 0, null);
        }

        if (_text.TryTake("+"))
        {
            return WithMode(body, 1, null);
        }

        if (_text.TryTake("?"))
        {
            return WithMode(body, 0, 1);
        }

        return _text.Peek == '{' ? Interval(body) : null;
    }

    private RepeatNode WithMode(PatternNode body, int least, int? most)
    {
        RepeatMode mode = _text.TryTake("?") ? RepeatMode.Lazy : _text.TryTake("+") ? RepeatMode.Possessive : RepeatMode.Greedy;
        return Checked(new RepeatNode(body, least, most, mode));
    }

    /// <summary><c>{n}</c>, <c>{n,}</c>, <c>{n,m}</c>, <c>{,m}</c>; anything else is text. A plus behind it repeats again, it does not make it possessive.</summary>
    private RepeatNode? Interval(PatternNode body)
    {
        int start = _text.Position;
        _text.Expect("{");
        int? least = _text.TakeNumber();
        bool comma = _text.TryTake(",");
        int? most = comma ? _text.TakeNumber() : least;
        if ((least is null && most is null) || !_text.TryTake("}"))
        {
            _text.Position = start;
            return null;
        }

        if (least > MaximumCount || most > MaximumCount || least > most)
        {
            throw _text.Problem(string.Create(CultureInfo.InvariantCulture, $"an interval that is not within 0 to {MaximumCount}"));
        }

        bool lazy = _text.TryTake("?");
        return lazy && !comma
            ? throw _text.Problem("{n}? is not supported")
            : Checked(new RepeatNode(body, least ?? 0, most, lazy ? RepeatMode.Lazy : RepeatMode.Greedy));
    }

    private RepeatNode Checked(RepeatNode node) => node.Most is null && node.Body.Minimum == 0
        ? throw _text.Problem("repeating what may be empty is not supported")
        : node;
}
