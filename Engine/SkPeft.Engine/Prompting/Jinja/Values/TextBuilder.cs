using System.Text;
using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>Builds a <see cref="PyString"/>: every piece brings its own taint, and every character is paid for.</summary>
internal sealed class TextBuilder(Budget budget)
{
    private readonly StringBuilder _text = new();
    private readonly List<TaintSpan> _spans = [];

    public int Length => _text.Length;

    public TextBuilder Append(string trusted) => Append(trusted, false);

    public TextBuilder Append(string text, bool tainted)
    {
        budget.Text(_text.Length, text.Length);
        if (tainted && text.Length > 0)
        {
            Mark(_text.Length, text.Length);
        }

        _text.Append(text);
        return this;
    }

    public TextBuilder Append(char c, bool tainted = false)
    {
        budget.Text(_text.Length, 1);
        if (tainted)
        {
            Mark(_text.Length, 1);
        }

        _text.Append(c);
        return this;
    }

    public TextBuilder Append(PyString text) => Append(text, 0, text.Text.Length);

    /// <summary>Appends a part, by UTF-16 units.</summary>
    public TextBuilder Append(PyString text, int start, int length)
    {
        budget.Text(_text.Length, length);
        int end = start + length;
        foreach (TaintSpan span in text.Spans)
        {
            int from = Math.Max(span.Start, start), to = Math.Min(span.End, end);
            if (from < to)
            {
                Mark(_text.Length + from - start, to - from);
            }
        }

        _text.Append(text.Text, start, length);
        return this;
    }

    public TextBuilder Append(char c, int count)
    {
        budget.Text(_text.Length, count);
        _text.Append(c, count);
        return this;
    }

    public TextBuilder Repeat(PyString text, int count)
    {
        budget.Text(_text.Length, (long)text.Text.Length * Math.Max(count, 0));
        for (int i = 0; i < count; i++)
        {
            Append(text);
        }

        return this;
    }

    public PyString Build() => _text.Length == 0 ? PyString.Empty : PyString.WithSpans(_text.ToString(), [.. _spans]);

    private void Mark(int start, int length)
    {
        if (_spans.Count > 0 && _spans[^1].End == start)
        {
            _spans[^1] = new TaintSpan(_spans[^1].Start, _spans[^1].Length + length);
        }
        else
        {
            _spans.Add(new TaintSpan(start, length));
        }
    }
}
