using System.Globalization;

namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>The pattern's text with a place in it.</summary>
internal sealed class PatternText(string text)
{
    private int _at;

    public bool AtEnd => _at >= text.Length;

    public char Peek => AtEnd ? '\0' : text[_at];

    public int Position
    {
        get => _at;
        set => _at = value;
    }

    public bool TryTake(string expected)
    {
        bool found = string.CompareOrdinal(text, _at, expected, 0, expected.Length) == 0;
        _at += found ? expected.Length : 0;
        return found;
    }

    public void Expect(string expected)
    {
        if (!TryTake(expected))
        {
            throw Problem($"'{expected}' is missing");
        }
    }

    public char TakeChar() => AtEnd ? throw Problem("it ends too early") : text[_at++];

    public int TakeCodePoint()
    {
        char first = TakeChar();
        return char.IsHighSurrogate(first) && char.IsLowSurrogate(Peek) ? char.ConvertToUtf32(first, text[_at++]) : first;
    }

    /// <summary>Everything up to a character, which is taken too.</summary>
    public string TakeUntil(char end)
    {
        int stop = text.IndexOf(end, _at);
        if (stop < 0)
        {
            throw Problem($"'{end}' is missing");
        }

        string taken = text[_at..stop];
        _at = stop + 1;
        return taken;
    }

    public int? TakeNumber()
    {
        int start = _at;
        while (char.IsAsciiDigit(Peek))
        {
            _at++;
        }

        return int.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
    }

    public int TakeHex(int digits)
    {
        string taken = _at + digits <= text.Length ? text.Substring(_at, digits) : "";
        _at += taken.Length;
        return HexOf(taken);
    }

    public int HexOf(string digits) => int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) && value is >= 0 and <= 0x10FFFF
        ? value
        : throw Problem("hexadecimal digits are missing");

    public PatternSyntaxException Problem(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{what} at character {_at + 1}"));
}
