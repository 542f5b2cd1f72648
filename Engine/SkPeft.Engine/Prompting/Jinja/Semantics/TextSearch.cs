namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>
/// Searches by UTF-16 units. Short needles go to the runtime's search; long ones to Knuth, Morris and Pratt's, which is linear
/// whatever a hostile text looks like.
/// </summary>
internal static class TextSearch
{
    private const int LongNeedle = 32;

    public static int Find(string text, string needle, int start) => Find(text, needle, start, text.Length);

    /// <summary>The first place at or after <paramref name="start"/> where the needle lies wholly before <paramref name="end"/>, or -1.</summary>
    public static int Find(string text, string needle, int start, int end)
    {
        if (start > end || needle.Length > end - start)
        {
            return -1;
        }

        if (needle.Length <= LongNeedle)
        {
            int at = text.AsSpan(start, end - start).IndexOf(needle, StringComparison.Ordinal);
            return at < 0 ? -1 : start + at;
        }

        return Matches(text, needle, start, end, last: false);
    }

    /// <summary>The last place at or after <paramref name="start"/> where the needle lies wholly before <paramref name="end"/>, or -1.</summary>
    public static int FindLast(string text, string needle, int start, int end)
    {
        if (start > end || needle.Length > end - start)
        {
            return -1;
        }

        if (needle.Length == 0)
        {
            return end;
        }

        if (needle.Length <= LongNeedle)
        {
            int at = text.AsSpan(start, end - start).LastIndexOf(needle, StringComparison.Ordinal);
            return at < 0 ? -1 : start + at;
        }

        return Matches(text, needle, start, end, last: true);
    }

    private static int Matches(string text, string needle, int start, int end, bool last)
    {
        int[] borders = new int[needle.Length];
        for (int i = 1, k = 0; i < needle.Length; i++)
        {
            while (k > 0 && needle[i] != needle[k])
            {
                k = borders[k - 1];
            }

            borders[i] = needle[i] == needle[k] ? ++k : k;
        }

        int found = -1;
        for (int i = start, k = 0; i < end; i++)
        {
            while (k > 0 && text[i] != needle[k])
            {
                k = borders[k - 1];
            }

            k += text[i] == needle[k] ? 1 : 0;
            if (k == needle.Length)
            {
                found = i - k + 1;
                if (!last)
                {
                    break;
                }

                k = borders[k - 1];
            }
        }

        return found;
    }
}
