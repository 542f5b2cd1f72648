namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>
/// A Python string: its length and indices count code points, and it knows which of its characters are untrusted. Immutable;
/// equality is that of the text. <see cref="Safe"/> is markupsafe's <c>Markup</c>, which <c>|safe</c> and <c>|escape</c> make.
/// </summary>
internal sealed class PyString
{
    private readonly TaintSpan[] _spans;
    private int[]? _starts;
    private int _length = -1;

    private PyString(string text, TaintSpan[] spans, bool safe)
    {
        Text = text;
        _spans = spans;
        Safe = safe;
    }

    public static PyString Empty { get; } = new(string.Empty, [], false);

    public string Text { get; }

    public bool Safe { get; }

    /// <summary>Untrusted UTF-16 spans: sorted, not empty, not touching.</summary>
    public ReadOnlySpan<TaintSpan> Spans => _spans;

    public bool IsTainted => _spans.Length > 0;

    /// <summary>The number of code points; an unpaired surrogate counts as one.</summary>
    public int Length
    {
        get
        {
            if (_length < 0)
            {
                int pairs = 0;
                for (int i = 1; i < Text.Length; i++)
                {
                    if (char.IsLowSurrogate(Text[i]) && char.IsHighSurrogate(Text[i - 1]))
                    {
                        pairs++;
                        i++;
                    }
                }

                _length = Text.Length - pairs;
            }

            return _length;
        }
    }

    public static PyString Trusted(string text) => text.Length == 0 ? Empty : new PyString(text, [], false);

    public static PyString Untrusted(string text) => Of(text, true);

    public static PyString Of(string text, bool tainted) =>
        text.Length == 0 ? Empty : new PyString(text, tainted ? [new TaintSpan(0, text.Length)] : [], false);

    public static PyString WithSpans(string text, TaintSpan[] spans) => text.Length == 0 ? Empty : new PyString(text, spans, false);

    public PyString AsSafe(bool safe = true) => safe == Safe ? this : new PyString(Text, _spans, safe);

    /// <summary>Converts an index in code points (0…Length) to one in UTF-16 units.</summary>
    public int Utf16Index(int codePoint)
    {
        if (Length == Text.Length)
        {
            return codePoint;
        }

        if (_starts is null)
        {
            int[] starts = new int[Length + 1];
            for (int i = 0, n = 0; i < Text.Length; n++)
            {
                starts[n] = i;
                i += CodePoints.WidthAt(Text, i);
            }

            starts[Length] = Text.Length;
            _starts = starts;
        }

        return _starts[codePoint];
    }

    /// <summary>Converts an index in UTF-16 units to one in code points.</summary>
    public int CodePointIndex(int utf16)
    {
        if (Length == Text.Length)
        {
            return utf16;
        }

        Utf16Index(0);
        int at = Array.BinarySearch(_starts!, utf16);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>A part, by UTF-16 units.</summary>
    public PyString Part(int start, int length)
    {
        if (length <= 0)
        {
            return Safe ? Empty.AsSafe() : Empty;
        }

        return start == 0 && length == Text.Length ? this : new PyString(Text.Substring(start, length), PartSpans(start, start + length), Safe);
    }

    /// <summary>The code point at an index in code points.</summary>
    public PyString At(int codePoint)
    {
        int start = Utf16Index(codePoint);
        return Part(start, CodePoints.WidthAt(Text, start));
    }

    public bool Equals(PyString other) => ReferenceEquals(this, other) || string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is PyString other && Equals(other);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private TaintSpan[] PartSpans(int start, int end)
    {
        if (_spans.Length == 0)
        {
            return [];
        }

        List<TaintSpan> kept = [];
        foreach (TaintSpan span in _spans)
        {
            int from = Math.Max(span.Start, start), to = Math.Min(span.End, end);
            if (from < to)
            {
                kept.Add(new TaintSpan(from - start, to - from));
            }
        }

        return [.. kept];
    }
}
