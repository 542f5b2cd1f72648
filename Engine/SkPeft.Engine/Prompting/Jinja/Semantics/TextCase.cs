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
    public static PyString Capitalize(PyString text, Budget budget) => Map(text, budget, (c, before) => before < 0 ? ToUpper(c) : ToLower(c));

    /// <summary>str.title: upper case after everything that has no case.</summary>
    public static PyString Title(PyString text, Budget budget) =>
        Map(text, budget, (c, before) => before >= 0 && CodePoints.IsCased(before) ? ToLower(c) : ToUpper(c));

    /// <summary>Jinja's title filter: upper case after white space and after <c>-([{&lt;</c>.</summary>
    public static PyString TitleWords(PyString text, Budget budget) =>
        Map(text, budget, (c, before) => before < 0 || "-([{<".Contains((char)before, StringComparison.Ordinal) || CodePoints.IsSpace((char)before) ? ToUpper(c) : ToLower(c));

    public static PyString Swap(PyString text, Budget budget) => Map(text, budget, (c, _) => CodePoints.IsUpper(c) ? ToLower(c) : ToUpper(c));

    private static string ToUpper(int c) => c == 'ß' ? "SS" : Rune.IsValid(c) ? Rune.ToUpperInvariant(new Rune(c)).ToString() : CodePoints.ToText(c);

    private static string ToLower(int c) => Rune.IsValid(c) ? Rune.ToLowerInvariant(new Rune(c)).ToString() : CodePoints.ToText(c);

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
