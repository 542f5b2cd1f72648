using System.Text;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Changes of case, character by character, so that taint stays where it was.</summary>
internal static class TextCase
{
    public static PyString Upper(PyString text, Budget budget) => Map(text, budget, (c, _) => ToUpper(c));

    public static PyString Lower(PyString text, Budget budget) => Map(text, budget, (c, _) => ToLower(c));

    /// <summary>str.capitalize: the first character in upper case, all others in lower case.</summary>
    public static PyString Capitalize(PyString text, Budget budget) => Map(text, budget, (c, before) => before < 0 ? ToTitle(c) : ToLower(c));

    /// <summary>str.title: upper case after everything that has no case.</summary>
    public static PyString Title(PyString text, Budget budget) =>
        Map(text, budget, (c, before) => before >= 0 && CodePoints.IsCased(before) ? ToLower(c) : ToTitle(c));

    /// <summary>Jinja's title filter: upper case after white space and after <c>-([{&lt;</c>.</summary>
    public static PyString TitleWords(PyString text, Budget budget) =>
        Map(text, budget, (c, before) => before < 0 || "-([{<".Contains((char)before, StringComparison.Ordinal) || CodePoints.IsSpace((char)before) ? ToUpper(c) : ToLower(c));

    public static PyString Swap(PyString text, Budget budget) => Map(text, budget, (c, _) => CodePoints.IsUpper(c) ? ToLower(c) : CodePoints.IsTitle(c) ? CodePoints.ToText(c) : ToUpper(c));

    /// <summary>str.casefold, without the foldings of scripts whose small letters have forms of their own.</summary>
    public static PyString Fold(PyString text, Budget budget) => Map(text, budget, (c, _) => c == 'ẞ' ? "ss" : c == 'ς' ? "σ" : Several(c)?.ToLowerInvariant() ?? ToLower(c));

    /// <summary>str.istitle: upper case where a word begins, lower case inside it, and at least one such letter.</summary>
    public static bool IsTitle(string text)
    {
        bool any = false, inside = false;
        for (int i = 0; i < text.Length; i += CodePoints.WidthAt(text, i))
        {
            int c = CodePoints.At(text, i);
            bool starts = CodePoints.IsUpper(c) || CodePoints.IsTitle(c), cased = CodePoints.IsCased(c);
            if (cased && starts == inside)
            {
                return false;
            }

            any |= cased;
            inside = cased;
        }

        return any;
    }

    // The letters of Latin whose capitals are several (Unicode's SpecialCasing); other scripts' are left out.
    private static string? Several(int c) => c switch
    {
        'ß' => "SS",
        'ŉ' => "ʼN",
        'ǰ' => "J\u030c",
        'ﬀ' => "FF",
        'ﬁ' => "FI",
        'ﬂ' => "FL",
        'ﬃ' => "FFI",
        'ﬄ' => "FFL",
        'ﬅ' or 'ﬆ' => "ST",
        _ => null,
    };

    // Capital only in its first letter: there are four that look otherwise in titles.
    private static string ToTitle(int c) => c switch
    {
        'Ǆ' or 'ǅ' or 'ǆ' => "ǅ",
        'Ǉ' or 'ǈ' or 'ǉ' => "ǈ",
        'Ǌ' or 'ǋ' or 'ǌ' => "ǋ",
        'Ǳ' or 'ǲ' or 'ǳ' => "ǲ",
        'ŉ' => "ʼN",
        'ǰ' => "J\u030c",
        _ => Several(c) is { } several ? several[..1] + several[1..].ToLowerInvariant() : ToUpper(c),
    };

    private static string ToUpper(int c) => Several(c) is { } several ? several : Rune.IsValid(c) ? Rune.ToUpperInvariant(new Rune(c)).ToString() : CodePoints.ToText(c);

    private static string ToLower(int c) => c == 'İ' ? "i\u0307" : Rune.IsValid(c) ? Rune.ToLowerInvariant(new Rune(c)).ToString() : CodePoints.ToText(c);

    private static PyString Map(PyString text, Budget budget, Func<int, int, string> map)
    {
        TextBuilder mapped = new(budget);
        TaintReader taint = new(text);
        int before = -1;
        for (int i = 0; i < text.Text.Length;)
        {
            int c = CodePoints.At(text.Text, i);
            mapped.Append(map(c, before), taint.At(i));
            before = c;
            i += CodePoints.WidthAt(text.Text, i);
        }

        return mapped.Build().AsSafe(text.Safe);
    }
}
