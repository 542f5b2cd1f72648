using System.Globalization;
using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>Cuts what stands between <c>{{</c> and <c>}}</c> or <c>{%</c> and <c>%}</c> into tokens.</summary>
internal sealed class TagLexer(string source, List<Token> tokens)
{
    private static readonly string[] s_longOperators = ["//", "**", "==", "!=", ">=", "<="];
    private const string ShortOperators = "+-/*%~[](){}><=.:|,;";

    private readonly Stack<char> _open = new();
    private int _position;
    private int _line;

    /// <summary>Reads to the end of the tag.</summary>
    /// <param name="position">The first character after the tag's opening; moved behind its end.</param>
    /// <param name="line">The line there.</param>
    /// <param name="isBlock">True for <c>{% %}</c>.</param>
    /// <param name="endsLine">True where the tag took a line break with it.</param>
    public void Read(ref int position, ref int line, bool isBlock, out bool endsLine)
    {
        (_position, _line) = (position, line);
        tokens.Add(new Token(isBlock ? TokenKind.BlockBegin : TokenKind.VariableBegin, string.Empty, _line));
        while (_open.Count > 0 || !TryEnd(isBlock))
        {
            if (_position >= source.Length)
            {
                throw new TemplateSyntaxException(_line, $"unexpected end of template, expected '{(isBlock ? "%}" : "}}")}'");
            }

            ReadToken();
        }

        endsLine = source[_position - 1] == '\n';
        (position, line) = (_position, _line);
    }

    /// <summary>Where the template goes on after a tag's end: <c>-</c> takes all blanks, otherwise trim_blocks takes one line break.</summary>
    public static int AfterEnd(string source, int end, char sign, bool trimNewline)
    {
        if (sign == '-')
        {
            while (end < source.Length && CodePoints.IsSpace(source[end]))
            {
                end++;
            }
        }
        else if (sign != '+' && trimNewline && end < source.Length && source[end] == '\n')
        {
            end++;
        }

        return end;
    }

    private bool TryEnd(bool isBlock)
    {
        string close = isBlock ? "%}" : "}}";
        char sign = _position < source.Length && (source[_position] == '-' || (isBlock && source[_position] == '+')) ? source[_position] : ' ';
        int at = sign == ' ' ? _position : _position + 1;
        if (string.CompareOrdinal(source, at, close, 0, 2) != 0)
        {
            return false;
        }

        tokens.Add(new Token(isBlock ? TokenKind.BlockEnd : TokenKind.VariableEnd, string.Empty, _line));
        Advance(AfterEnd(source, at + 2, sign, trimNewline: isBlock));
        return true;
    }

    private void ReadToken()
    {
        char c = source[_position];
        if (CodePoints.IsSpace(c))
        {
            Advance(_position + 1);
        }
        else if (char.IsAsciiDigit(c))
        {
            ReadNumber();
        }
        else if (CodePoints.IsWord(CodePoints.At(source, _position)))
        {
            ReadName();
        }
        else if (c is '\'' or '"' && EndOfString(c) is >= 0 and int end)
        {
            string raw = Lexer.NormalizeNewlines(source[(_position + 1)..end]);
            tokens.Add(new Token(TokenKind.String, StringLiteral.Unescape(raw, _line), _line));
            Advance(end + 1);
        }
        else
        {
            ReadOperator();
        }
    }

    private void ReadName()
    {
        int end = _position;
        while (end < source.Length && CodePoints.IsWord(CodePoints.At(source, end)))
        {
            end += CodePoints.WidthAt(source, end);
        }

        string name = source[_position..end];
        int first = CodePoints.At(name, 0);
        if (first != '_' && !CodePoints.IsAlpha(first))
        {
            throw new TemplateSyntaxException(_line, $"Invalid character in identifier '{name}'");
        }

        tokens.Add(new Token(TokenKind.Name, name, _line));
        Advance(end);
    }

    private int EndOfString(char quote)
    {
        for (int i = _position + 1; i < source.Length; i++)
        {
            if (source[i] == quote)
            {
                return i;
            }

            i += source[i] == '\\' ? 1 : 0;
        }

        return -1;
    }

    private void ReadNumber()
    {
        bool afterDot = _position > 0 && source[_position - 1] == '.';
        if (!afterDot && FloatEnd() is > 0 and int floatEnd)
        {
            string text = source[_position..floatEnd].Replace("_", string.Empty, StringComparison.Ordinal);
            tokens.Add(new Token(TokenKind.Float, text, _line, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)));
            Advance(floatEnd);
            return;
        }

        int end = IntegerEnd(out int radix);
        string digits = source[(radix == 10 ? _position : _position + 2)..end].Replace("_", string.Empty, StringComparison.Ordinal);
        if (digits.Length > Semantics.FloatText.MaxIntDigits)
        {
            throw new TemplateSyntaxException(_line, $"an integer of {digits.Length} digits, at most {Semantics.FloatText.MaxIntDigits} are allowed");
        }

        BigInteger value = BigInteger.Zero;
        foreach (char digit in digits)
        {
            value = (value * radix) + Convert.ToInt32(digit.ToString(), 16);
        }

        tokens.Add(new Token(TokenKind.Integer, digits, _line, value));
        Advance(end);
    }

    /// <summary>The end of a float at the position, or 0: digits with a fraction, an exponent, or both.</summary>
    private int FloatEnd()
    {
        int end = Digits(_position, char.IsAsciiDigit);
        bool isFloat = false;
        if (end + 1 < source.Length && source[end] == '.' && char.IsAsciiDigit(source[end + 1]))
        {
            end = Digits(end + 1, char.IsAsciiDigit);
            isFloat = true;
        }

        if (end < source.Length && source[end] is 'e' or 'E')
        {
            int exponent = end + 1 < source.Length && source[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (exponent < source.Length && char.IsAsciiDigit(source[exponent]))
            {
                end = Digits(exponent, char.IsAsciiDigit);
                isFloat = true;
            }
        }

        return isFloat ? end : 0;
    }

    private int IntegerEnd(out int radix)
    {
        char prefix = source[_position] == '0' && _position + 2 < source.Length ? char.ToLowerInvariant(source[_position + 1]) : ' ';
        (radix, Func<char, bool> isDigit) = prefix switch
        {
            'b' => (2, c => c is '0' or '1'),
            'o' => (8, c => c is >= '0' and <= '7'),
            'x' => (16, char.IsAsciiHexDigit),
            _ => (10, (Func<char, bool>)char.IsAsciiDigit),
        };
        int end = radix == 10 ? 0 : Digits(_position + 2, isDigit);
        if (end > _position + 2)
        {
            return end;
        }

        radix = 10;
        return source[_position] == '0' ? Digits(_position, c => c == '0') : Digits(_position, char.IsAsciiDigit);
    }

    /// <summary>The end of a run of digits, where single underscores may stand between two of them.</summary>
    private int Digits(int start, Func<char, bool> isDigit)
    {
        int i = start;
        while (i < source.Length && (isDigit(source[i]) || (source[i] == '_' && i > start && source[i - 1] != '_' && i + 1 < source.Length && isDigit(source[i + 1]))))
        {
            i++;
        }

        return i;
    }

    private void ReadOperator()
    {
        string? text = Array.Find(s_longOperators, o => string.CompareOrdinal(source, _position, o, 0, 2) == 0);
        char c = source[_position];
        if (text is null && !ShortOperators.Contains(c, StringComparison.Ordinal))
        {
            throw new TemplateSyntaxException(_line, $"unexpected char '{c}'");
        }

        text ??= c.ToString();
        Balance(text[0]);
        tokens.Add(new Token(TokenKind.Operator, text, _line));
        Advance(_position + text.Length);
    }

    private void Balance(char c)
    {
        if (c is '(' or '[' or '{')
        {
            _open.Push(c == '(' ? ')' : c == '[' ? ']' : '}');
        }
        else if (c is ')' or ']' or '}')
        {
            if (!_open.TryPop(out char expected) || expected != c)
            {
                throw new TemplateSyntaxException(_line, expected == '\0' ? $"unexpected '{c}'" : $"unexpected '{c}', expected '{expected}'");
            }
        }
    }

    private void Advance(int to)
    {
        _line += source.AsSpan(_position, to - _position).Count('\n');
        _position = to;
    }
}
