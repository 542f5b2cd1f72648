using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>markupsafe's escape and urllib's quote.</summary>
internal static class Escaping
{
    public static PyString Escape(PyString text, Budget budget) => Map(text, budget, c => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&#34;",
        '\'' => "&#39;",
        _ => null,
    }).AsSafe();

    /// <summary>html.unescape, for references that end in a semicolon.</summary>
    public static PyString Unescape(PyString text, Budget budget)
    {
        TextBuilder plain = new(budget);
        TaintReader taint = new(text);
        string s = text.Text;
        for (int i = 0; i < s.Length;)
        {
            int end = s[i] != '&' ? -1 : s.AsSpan(i, Math.Min(LongestReference, s.Length - i)).IndexOf(';');
            string decoded = end < 0 ? s[i].ToString() : System.Net.WebUtility.HtmlDecode(s.Substring(i, end + 1));
            bool isReference = end >= 0 && decoded.Length <= end;
            plain.Append(isReference ? decoded : s[i].ToString(), taint.At(i));
            i += isReference ? end + 1 : 1;
        }

        return plain.Build();
    }

    private const int LongestReference = 40;

    /// <summary>urllib.parse.quote of UTF-8; <paramref name="query"/> writes spaces as <c>+</c> and slashes as <c>%2F</c>.</summary>
    public static PyString UrlQuote(PyString text, bool query, Budget budget)
    {
        TextBuilder quoted = new(budget);
        TaintReader taint = new(text);
        Span<byte> utf8 = stackalloc byte[4];
        for (int i = 0; i < text.Text.Length; i += CodePoints.WidthAt(text.Text, i))
        {
            int c = CodePoints.At(text.Text, i);
            bool tainted = taint.At(i);
            if (c < 128 && (char.IsAsciiLetterOrDigit((char)c) || "_.-~".Contains((char)c, StringComparison.Ordinal) || (c == '/' && !query)))
            {
                quoted.Append((char)c, tainted);
            }
            else if (c == ' ' && query)
            {
                quoted.Append('+', tainted);
            }
            else if (!System.Text.Rune.IsValid(c))
            {
                throw JinjaException.Value("surrogates not allowed in a URL");
            }
            else
            {
                int count = new System.Text.Rune(c).EncodeToUtf8(utf8);
                for (int b = 0; b < count; b++)
                {
                    quoted.Append("%" + utf8[b].ToString("X2", System.Globalization.CultureInfo.InvariantCulture), tainted);
                }
            }
        }

        return quoted.Build();
    }

    private static PyString Map(PyString text, Budget budget, Func<char, string?> map)
    {
        TextBuilder mapped = new(budget);
        TaintReader taint = new(text);
        for (int i = 0; i < text.Text.Length; i++)
        {
            char c = text.Text[i];
            if (map(c) is { } replacement)
            {
                mapped.Append(replacement, taint.At(i));
            }
            else
            {
                mapped.Append(c, taint.At(i));
            }
        }

        return mapped.Build();
    }
}
