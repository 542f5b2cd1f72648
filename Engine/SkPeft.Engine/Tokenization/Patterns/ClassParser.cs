namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>Reads escapes and bracketed classes.</summary>
internal sealed class ClassParser(PatternText text)
{
    private const int MaximumDepth = 16;

    /// <summary>The class that an escape stands for; the backslash is taken already.</summary>
    public CodePointSet Escape(bool ignoreCase)
    {
        char letter = text.Peek;
        switch (letter)
        {
            case 's' or 'S':
                return Signed(PropertyClasses.White, 'S');
            case 'd' or 'D':
                return Signed(PropertyClasses.Digit, 'D');
            case 'w' or 'W':
                return Signed(PropertyClasses.Word, 'W');
            case 'h' or 'H':
                return Signed(PropertyClasses.HexDigit, 'H');
            case 'p' or 'P':
                return Property();
            default:
                int codePoint = EscapedCharacter();
                return CodePointSet.Range(codePoint, codePoint, ignoreCase);
        }
    }

    /// <summary>A class whose opening bracket is taken already.</summary>
    public CodePointSet Bracketed(bool ignoreCase, int depth = 0)
    {
        if (depth > MaximumDepth)
        {
            throw text.Problem("classes are nested too deeply");
        }

        bool negate = text.TryTake("^");
        List<CodePointSet> sets = [];
        for (bool isFirst = true; isFirst || text.Peek != ']'; isFirst = false)
        {
            sets.Add(Member(ignoreCase, depth));
        }

        text.Expect("]");
        CodePointSet union = CodePointSet.Union(sets);
        return negate ? union.Negate() : union;
    }

    private CodePointSet Member(bool ignoreCase, int depth)
    {
        if (text.TryTake("[:") || text.TryTake("&&"))
        {
            throw text.Problem("POSIX classes and intersections are not supported");
        }

        if (text.TryTake("["))
        {
            return Bracketed(ignoreCase, depth + 1);
        }

        bool isEscape = text.TryTake("\\");
        if (isEscape && "sSdDwWhHpP".Contains(text.Peek, StringComparison.Ordinal))
        {
            return Escape(ignoreCase);
        }

        int first = isEscape ? EscapedCharacter() : text.TakeCodePoint();
        int last = first;
        int before = text.Position;
        if (text.TryTake("-"))
        {
            if (text.Peek is ']' or '[')
            {
                text.Position = before;
            }
            else if (text.TryTake("\\"))
            {
                last = EscapedCharacter();
            }
            else
            {
                last = text.TakeCodePoint();
            }
        }

        return last >= first ? CodePointSet.Range(first, last, ignoreCase) : throw text.Problem("a range runs backwards");
    }

    private CodePointSet Signed(CodePointSet set, char negative) => text.TakeChar() == negative ? set.Negate() : set;

    private CodePointSet Property()
    {
        bool negate = text.TakeChar() == 'P';
        string name;
        if (text.TryTake("{"))
        {
            negate ^= text.TryTake("^");
            name = text.TakeUntil('}');
        }
        else
        {
            throw text.Problem("a property without braces");
        }

        CodePointSet set = PropertyClasses.ByName(name) ?? throw text.Problem($"property {name} is not known");
        return negate ? set.Negate() : set;
    }

    private int EscapedCharacter()
    {
        int letter = text.TakeCodePoint();
        return letter switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => 0x1B,
            'x' when text.TryTake("{") => text.HexOf(text.TakeUntil('}')),
            'x' => text.TakeHex(2),
            'u' => text.TakeHex(4),
            < 128 when char.IsAsciiLetterOrDigit((char)letter) => throw text.Problem($"escape \\{(char)letter} is not supported"),
            _ => letter,
        };
    }
}
