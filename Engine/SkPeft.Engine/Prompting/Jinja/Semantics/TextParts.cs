using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's strip, split, replace and their kin; parts keep their taint.</summary>
internal static class TextParts
{
    public static PyString Strip(PyString text, PyString? characters, bool left, bool right)
    {
        string s = text.Text;
        int start = 0, end = s.Length;
        bool Drops(int at, int width) => characters is null
            ? width == 1 && CodePoints.IsSpace(s[at])
            : characters.Text.AsSpan().IndexOf(s.AsSpan(at, width), StringComparison.Ordinal) >= 0;
        while (left && start < end && Drops(start, CodePoints.WidthAt(s, start)))
        {
            start += CodePoints.WidthAt(s, start);
        }

        while (right && end > start)
        {
            int width = end - start >= 2 && char.IsLowSurrogate(s[end - 1]) && char.IsHighSurrogate(s[end - 2]) ? 2 : 1;
            if (!Drops(end - width, width))
            {
                break;
            }

            end -= width;
        }

        return text.Part(start, end - start);
    }

    /// <summary>str.split and str.rsplit.</summary>
    public static PyList Split(PyString text, PyString? separator, int most, bool fromRight, Budget budget)
    {
        List<PyString> parts = separator is null ? SplitSpaces(text, most, fromRight, budget) : SplitAt(text, separator, most, fromRight, budget);
        budget.Items(parts.Count);
        return new PyList([.. parts]);
    }

    public static PyList SplitLines(PyString text, bool keepEnds, Budget budget)
    {
        string s = text.Text;
        List<object?> lines = [];
        for (int start = 0; start < s.Length;)
        {
            int end = start;
            while (end < s.Length && s[end] is not ('\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029'))
            {
                end++;
            }

            int next = end >= s.Length ? end : s[end] == '\r' && end + 1 < s.Length && s[end + 1] == '\n' ? end + 2 : end + 1;
            CheckCount(lines.Count, budget);
            lines.Add(text.Part(start, (keepEnds ? next : end) - start));
            start = next;
        }

        budget.Items(lines.Count);
        return new PyList(lines);
    }

    public static PyString Replace(PyString text, PyString old, PyString replacement, int most, Budget budget)
    {
        TextBuilder result = new(budget);
        string s = text.Text;
        int from = 0;
        for (int done = 0; most < 0 || done < most; done++)
        {
            budget.Step();
            int at;
            if (old.Text.Length == 0)
            {
                if (done > 0 && from >= s.Length)
                {
                    break;
                }

                result.Append(done == 0 ? PyString.Empty : text, from, done == 0 ? 0 : CodePoints.WidthAt(s, from));
                from += done == 0 ? 0 : CodePoints.WidthAt(s, from);
                result.Append(replacement);
                continue;
            }

            at = TextSearch.Find(s, old.Text, from);
            if (at < 0)
            {
                break;
            }

            result.Append(text, from, at - from).Append(replacement);
            from = at + old.Text.Length;
        }

        return result.Append(text, from, s.Length - from).Build().AsSafe(text.Safe);
    }

    /// <summary>str.partition and str.rpartition.</summary>
    public static PyTuple Partition(PyString text, PyString separator, bool fromRight)
    {
        if (separator.Text.Length == 0)
        {
            throw JinjaException.Value("empty separator");
        }

        int at = fromRight ? TextSearch.FindLast(text.Text, separator.Text, 0, text.Text.Length) : TextSearch.Find(text.Text, separator.Text, 0);
        if (at < 0)
        {
            return new PyTuple(fromRight ? [PyString.Empty, PyString.Empty, text] : [text, PyString.Empty, PyString.Empty]);
        }

        int after = at + separator.Text.Length;
        return new PyTuple([text.Part(0, at), text.Part(at, after - at), text.Part(after, text.Text.Length - after)]);
    }

    private static List<PyString> SplitAt(PyString text, PyString separator, int most, bool fromRight, Budget budget)
    {
        if (separator.Text.Length == 0)
        {
            throw JinjaException.Value("empty separator");
        }

        string s = text.Text;
        List<PyString> parts = [];
        int start = 0, end = s.Length;
        while (most < 0 || parts.Count < most)
        {
            budget.Step();
            CheckCount(parts.Count, budget);
            int at = fromRight ? TextSearch.FindLast(s, separator.Text, 0, end) : TextSearch.Find(s, separator.Text, start);
            if (at < 0)
            {
                break;
            }

            int after = at + separator.Text.Length;
            parts.Add(fromRight ? text.Part(after, end - after) : text.Part(start, at - start));
            (start, end) = fromRight ? (start, at) : (after, end);
        }

        parts.Add(text.Part(start, end - start));
        if (fromRight)
        {
            parts.Reverse();
        }

        return parts;
    }

    private static List<PyString> SplitSpaces(PyString text, int most, bool fromRight, Budget budget)
    {
        string s = text.Text;
        List<PyString> parts = [];
        int start = 0, end = s.Length;
        SkipSpaces(s, ref start, ref end, fromRight);
        while (start < end)
        {
            budget.Step();
            CheckCount(parts.Count, budget);
            if (most >= 0 && parts.Count == most)
            {
                parts.Add(text.Part(start, end - start));
                break;
            }

            int at = fromRight ? end : start;
            while (fromRight ? at > start && !CodePoints.IsSpace(s[at - 1]) : at < end && !CodePoints.IsSpace(s[at]))
            {
                at += fromRight ? -1 : 1;
            }

            parts.Add(fromRight ? text.Part(at, end - at) : text.Part(start, at - start));
            (start, end) = fromRight ? (start, at) : (at, end);
            SkipSpaces(s, ref start, ref end, fromRight);
        }

        if (fromRight)
        {
            parts.Reverse();
        }

        return parts;
    }

    private static void SkipSpaces(string s, ref int start, ref int end, bool fromRight)
    {
        while (start < end && CodePoints.IsSpace(s[fromRight ? end - 1 : start]))
        {
            (start, end) = fromRight ? (start, end - 1) : (start + 1, end);
        }
    }

    // Too many parts are found out while they are made, not after.
    private static void CheckCount(int count, Budget budget)
    {
        if ((count & 1023) == 1023)
        {
            budget.Items(count);
        }
    }
}
