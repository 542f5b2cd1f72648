using System.Globalization;
using System.Text;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's format specification: <c>[[fill]align][sign][z][#][0][width][,|_][.precision][type]</c>.</summary>
internal sealed record FormatSpec
{
    /// <summary>What pads, one code point.</summary>
    public string Fill { get; private init; } = " ";

    /// <summary>One of <c>&lt; &gt; ^ =</c>.</summary>
    public char Align { get; private init; }

    /// <summary>One of <c>+ -</c> and space; <c>\0</c> where it is left out.</summary>
    public char Sign { get; private init; }

    /// <summary><c>z</c>: a negative zero prints as zero.</summary>
    public bool NoNegativeZero { get; private init; }

    /// <summary><c>#</c>.</summary>
    public bool Alternate { get; private init; }

    public int Width { get; private init; }

    /// <summary><c>,</c> or <c>_</c> between groups of digits; <c>\0</c> for none.</summary>
    public char Grouping { get; private init; }

    public int? Precision { get; private init; }

    /// <summary>The presentation type; <c>\0</c> where it is left out.</summary>
    public char Type { get; private init; }

    /// <summary>Reads a specification for a value that is put to the left or the right where the text does not say.</summary>
    public static FormatSpec Parse(string spec, char defaultAlign)
    {
        int i = 0;
        string fill = " ";
        char align = '\0';
        int fillWidth = Rune.TryGetRuneAt(spec, 0, out Rune rune) ? rune.Utf16SequenceLength : 1;
        bool filled = spec.Length > fillWidth && IsAlign(spec[fillWidth]);
        if (filled)
        {
            (fill, align, i) = (spec[..fillWidth], spec[fillWidth], fillWidth + 1);
        }
        else if (IsAlign(spec[0]))
        {
            (align, i) = (spec[0], 1);
        }

        char At(int at) => at < spec.Length ? spec[at] : '\0';
        char sign = At(i) is '+' or '-' or ' ' ? spec[i++] : '\0';
        bool noNegativeZero = At(i) == 'z' && i++ >= 0;
        bool alternate = At(i) == '#' && i++ >= 0;
        if (!filled && At(i) == '0')
        {
            fill = "0";
            align = align == '\0' && defaultAlign == '>' ? '=' : align;
            i++;
        }

        int width = Digits(spec, ref i) ?? 0;
        char grouping = At(i) is ',' or '_' ? spec[i++] : '\0';
        if (grouping != '\0' && At(i) is ',' or '_')
        {
            throw JinjaException.Value(At(i) == grouping ? $"Cannot specify '{grouping}' with '{grouping}'." : "Cannot specify both ',' and '_'.");
        }

        int? precision = null;
        if (At(i) == '.')
        {
            i++;
            precision = Digits(spec, ref i) ?? throw JinjaException.Value("Format specifier missing precision");
        }

        return spec.Length - i > 1 ? throw JinjaException.Value($"Invalid format specifier '{spec}'") : new FormatSpec
        {
            Fill = fill,
            Align = align == '\0' ? defaultAlign : align,
            Sign = sign,
            NoNegativeZero = noNegativeZero,
            Alternate = alternate,
            Width = width,
            Grouping = grouping,
            Precision = precision,
            Type = At(i),
        };
    }

    private static bool IsAlign(char c) => c is '<' or '>' or '^' or '=';

    private static int? Digits(string spec, ref int i)
    {
        int start = i;
        while (i < spec.Length && char.IsAsciiDigit(spec[i]))
        {
            i++;
        }

        return start == i ? null
            : int.TryParse(spec.AsSpan(start, i - start), CultureInfo.InvariantCulture, out int value) ? value
            : throw JinjaException.Value("Too many decimal digits in format string");
    }
}
