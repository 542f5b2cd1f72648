using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>
/// Cuts a template's source into tokens as Jinja2 3.1 does with <c>trim_blocks</c> and <c>lstrip_blocks</c> on and
/// <c>keep_trailing_newline</c> off, which is how Hugging Face compiles chat templates.
/// </summary>
internal sealed class Lexer
{
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _position;
    private int _line = 1;

    // True where the text before a tag begins a line, so that blanks before the tag may go.
    private bool _lineStarting = true;

    private Lexer(string source) => _source = source;

    public static List<Token> Tokenize(string source)
    {
        string normal = NormalizeNewlines(source);
        Lexer lexer = new(normal.EndsWith('\n') ? normal[..^1] : normal);
        lexer.Run();
        return lexer._tokens;
    }

    internal static string NormalizeNewlines(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private void Run()
    {
        while (_position < _source.Length)
        {
            int tag = NextTag(_position);
            if (tag < 0)
            {
                Emit(TokenKind.Data, _source[_position..]);
                break;
            }

            ReadTag(tag);
        }

        _tokens.Add(new Token(TokenKind.End, string.Empty, _line));
    }

    private int NextTag(int from)
    {
        for (int i = _source.IndexOf('{', from); i >= 0 && i + 1 < _source.Length; i = _source.IndexOf('{', i + 1))
        {
            if (_source[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }

        return -1;
    }

    private void ReadTag(int tag)
    {
        char kind = _source[tag + 1];
        int after = tag + 2;
        char sign = after < _source.Length && _source[after] is '-' or '+' ? _source[after] : ' ';
        EmitText(_source[_position..tag], sign, strip: kind != '{');
        Advance(sign == ' ' ? after : after + 1);
        switch (kind)
        {
            case '#':
                SkipComment();
                break;
            case '%' when RawBodyStart() is >= 0 and int body:
                Advance(body);
                ReadRaw();
                break;
            default:
                new TagLexer(_source, _tokens).Read(ref _position, ref _line, isBlock: kind == '%', out _lineStarting);
                break;
        }
    }

    /// <summary>Emits the text before a tag, without the blanks that the tag's sign or lstrip_blocks take.</summary>
    private void EmitText(string text, char sign, bool strip)
    {
        string kept = text;
        if (sign == '-')
        {
            kept = TrimEnd(text);
        }
        else if (sign != '+' && strip)
        {
            int lineStart = text.LastIndexOf('\n') + 1;
            if ((lineStart > 0 || _lineStarting) && IsBlank(text.AsSpan(lineStart)))
            {
                kept = text[..lineStart];
            }
        }

        if (kept.Length > 0)
        {
            _tokens.Add(new Token(TokenKind.Data, kept, _line));
        }

        _line += text.AsSpan().Count('\n');
        _position += text.Length;
    }

    private static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!CodePoints.IsSpace(c))
            {
                return false;
            }
        }

        return true;
    }

    private void SkipComment()
    {
        int end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new TemplateSyntaxException(_line, "Missing end of comment tag: '{#' has no '#}'");
        }

        char sign = end > _position ? _source[end - 1] : ' ';
        EndTag(end + 2, sign);
    }

    /// <summary>Where the body of a raw block begins, if the tag at the position is one; else -1.</summary>
    private int RawBodyStart()
    {
        int at = SkipSpace(_position);
        if (!Matches(at, "raw"))
        {
            return -1;
        }

        at = SkipSpace(at + 3);
        return Matches(at, "-%}") ? SkipSpace(at + 3) : Matches(at, "%}") ? at + 2 : -1;
    }

    private void ReadRaw()
    {
        _lineStarting = _source[_position - 1] == '\n';
        for (int open = _position; (open = _source.IndexOf("{%", open, StringComparison.Ordinal)) >= 0; open++)
        {
            int at = open + 2;
            char sign = at < _source.Length && _source[at] is '-' or '+' ? _source[at++] : ' ';
            at = SkipSpace(at);
            if (!Matches(at, "endraw"))
            {
                continue;
            }

            at = SkipSpace(at + 6);
            char end = Matches(at, "-%}") ? '-' : Matches(at, "+%}") ? '+' : ' ';
            at += end == ' ' ? 0 : 1;
            if (Matches(at, "%}"))
            {
                EmitText(_source[_position..open], sign, strip: true);
                EndTag(at + 2, end);
                return;
            }
        }

        throw new TemplateSyntaxException(_line, "Missing end of raw directive: '{% raw %}' has no '{% endraw %}'");
    }

    /// <summary>Goes past a tag's end and the blanks that belong to it.</summary>
    private void EndTag(int end, char sign)
    {
        Advance(TagLexer.AfterEnd(_source, end, sign, trimNewline: true));
        _lineStarting = _source[_position - 1] == '\n';
    }

    private void Advance(int to)
    {
        _line += _source.AsSpan(_position, to - _position).Count('\n');
        _position = to;
    }

    private void Emit(TokenKind kind, string text)
    {
        _tokens.Add(new Token(kind, text, _line));
        Advance(_position + text.Length);
    }

    private bool Matches(int at, string text) => string.CompareOrdinal(_source, at, text, 0, text.Length) == 0;

    private int SkipSpace(int at)
    {
        while (at < _source.Length && CodePoints.IsSpace(_source[at]))
        {
            at++;
        }

        return at;
    }

    private static string TrimEnd(string text)
    {
        int end = text.Length;
        while (end > 0 && CodePoints.IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }
}
