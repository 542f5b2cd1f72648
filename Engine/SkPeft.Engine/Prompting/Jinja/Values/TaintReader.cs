namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>Answers whether a character is untrusted, for loops that walk a string from left to right.</summary>
internal struct TaintReader(PyString text)
{
    private int _next;

    public bool At(int utf16)
    {
        ReadOnlySpan<TaintSpan> spans = text.Spans;
        while (_next < spans.Length && spans[_next].End <= utf16)
        {
            _next++;
        }

        return _next < spans.Length && spans[_next].Start <= utf16;
    }
}
