using System.Buffers;
using System.Text;

namespace SkPeft.Engine.Tokenization.Unicode;

/// <summary>Walking UTF-16 by code points. Texts are made well formed before anything else sees them.</summary>
internal static class CodePoints
{
    /// <summary>The code point at an index and its length in UTF-16 units.</summary>
    public static int At(ReadOnlySpan<char> text, int index, out int length)
    {
        char first = text[index];
        if (char.IsHighSurrogate(first) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            length = 2;
            return char.ConvertToUtf32(first, text[index + 1]);
        }

        length = 1;
        return first;
    }

    /// <summary>The code point that ends at an index, and where it starts.</summary>
    public static int Before(ReadOnlySpan<char> text, int index, out int start)
    {
        start = index - 1;
        if (char.IsLowSurrogate(text[start]) && start > 0 && char.IsHighSurrogate(text[start - 1]))
        {
            start--;
        }

        return At(text, start, out _);
    }

    /// <summary>The text with every lone surrogate replaced by U+FFFD; positions stay.</summary>
    public static char[] WellFormed(ReadOnlySpan<char> text)
    {
        char[] copy = text.ToArray();
        for (int i = 0; i < copy.Length;)
        {
            i += copy.AsSpan(i).IndexOfAnyInRange('\uD800', '\uDFFF') is var next and >= 0 ? next : copy.Length - i;
            if (i < copy.Length)
            {
                if (Rune.DecodeFromUtf16(copy.AsSpan(i), out _, out int used) != OperationStatus.Done)
                {
                    copy[i] = '\uFFFD';
                }

                i += used;
            }
        }

        return copy;
    }
}
