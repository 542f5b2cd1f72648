namespace SkPeft.Engine.Tokenization.Normalization;

/// <summary>A text and, for each of its UTF-16 units, the unit of the whole original text that it came from.</summary>
internal sealed class AlignedText
{
    private char[] _text;
    private int[] _origins;

    public AlignedText(int capacity)
    {
        _text = new char[capacity];
        _origins = new int[capacity];
    }

    public int Length { get; private set; }

    public ReadOnlySpan<char> Text => _text.AsSpan(0, Length);

    /// <summary>Takes a part of the original text as it is.</summary>
    public static AlignedText Of(ReadOnlySpan<char> original, int start, int length)
    {
        AlignedText text = new(length);
        for (int i = 0; i < length; i++)
        {
            text.Append(original[start + i], start + i);
        }

        return text;
    }

    public int OriginOf(int index) => _origins[index];

    public char[] ToArray() => Text.ToArray();

    public void Append(char c, int origin)
    {
        if (Length == _text.Length)
        {
            int capacity = Math.Max(16, Length * 2);
            Array.Resize(ref _text, capacity);
            Array.Resize(ref _origins, capacity);
        }

        _text[Length] = c;
        _origins[Length++] = origin;
    }

    public void Append(ReadOnlySpan<char> text, int origin)
    {
        foreach (char c in text)
        {
            Append(c, origin);
        }
    }

    public void AppendFrom(AlignedText other, int start, int length)
    {
        for (int i = start; i < start + length; i++)
        {
            Append(other._text[i], other._origins[i]);
        }
    }

    public void AppendCodePoint(int codePoint, int origin)
    {
        if (codePoint < 0x10000)
        {
            Append((char)codePoint, origin);
        }
        else
        {
            Append(char.ConvertFromUtf32(codePoint), origin);
        }
    }
}
