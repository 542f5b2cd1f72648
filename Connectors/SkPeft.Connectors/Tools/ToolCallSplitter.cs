using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Tools;

/// <summary>
/// Takes calls of tools out of an answer as it arrives: text in front of and behind a call is given on at once, a call when it is complete. What
/// looks like a call but is none is text, with its marks.
/// </summary>
/// <param name="convention">How the model writes calls.</param>
/// <param name="names">The names of the request's tools: without a mark only these make an object a call.</param>
/// <param name="ids">Ids of calls.</param>
internal sealed class ToolCallSplitter(ToolConvention convention, IReadOnlySet<string> names, CallIds ids)
{
    private readonly ToolCallReader _marked = new(ids);
    private readonly ToolCallReader _bare = new(ids, names);
    private string _held = "";
    private bool _hasText;
    private bool _hasCalls;
    private bool _isFresh = true;

    // Llama writes several calls with a semicolon between.
    private string Blanks => convention.IsBare ? " \t\r\n;" : " \t\r\n";

    /// <summary>Takes text and gives what is certain now.</summary>
    public IReadOnlyList<AIContent> Push(string text)
    {
        _held += text;
        return Take(isEnd: false);
    }

    /// <summary>The rest, at the end of the answer: an unfinished call is text.</summary>
    public IReadOnlyList<AIContent> Flush()
    {
        List<AIContent> contents = Take(isEnd: true);
        _held = "";
        return contents;
    }

    private List<AIContent> Take(bool isEnd)
    {
        List<AIContent> contents = [];
        while (_held.Length > 0)
        {
            int open = Find(out string mark, isEnd);
            if (open < 0)
            {
                int sure = isEnd ? _held.Length : SureText();
                Show(contents, _held[..sure]);
                _held = _held[sure..];
                break;
            }

            Span span = SpanOf(open + mark.Length, mark.Length > 0);
            if (span.End < 0)
            {
                // A call that has not ended: what is said in front of it is certain.
                if (!IsBlank(_held[..open]))
                {
                    Show(contents, _held[..open]);
                    _held = _held[open..];
                }

                break;
            }

            IReadOnlyList<FunctionCallContent>? calls = (mark.Length > 0 ? _marked : _bare).Read(_held[span.Start..span.Inner]);
            if (calls is null)
            {
                Show(contents, _held[..span.End]);
            }
            else
            {
                Show(contents, _isFresh && IsBlank(_held[..open]) ? "" : _held[..open]);
                contents.AddRange(calls);
                (_hasCalls, _isFresh) = (true, true);
            }

            _held = _held[span.End..];
        }

        return contents;
    }

    // Where a call may begin, and with what mark; -1 where none does. Without a mark only an answer's first words can be a call.
    private int Find(out string mark, bool isEnd)
    {
        mark = "";
        int first = _held.AsSpan().IndexOfAnyExcept(Blanks);
        if (convention.IsBare && !_hasText && first >= 0 && _held[first] is '{' or '[' && !(isEnd && JsonEnd.Find(_held, first) < 0))
        {
            return first;
        }

        int open = convention.Open is { } text ? _held.IndexOf(text, StringComparison.Ordinal) : -1;
        if (open >= 0 && !(isEnd && SpanOf(open + convention.Open!.Length, hasMark: true).End < 0))
        {
            mark = convention.Open!;
            return open;
        }

        return -1;
    }

    // The call that begins here: its JSON, and where its last mark ends.
    private Span SpanOf(int start, bool hasMark)
    {
        if (hasMark && convention.Close is { } close)
        {
            int inner = _held.IndexOf(close, start, StringComparison.Ordinal);
            return new Span(start, inner, inner < 0 ? -1 : inner + close.Length);
        }

        int first = _held.AsSpan(start).IndexOfAnyExcept(" \t\r\n");
        if (first < 0)
        {
            return new Span(start, -1, -1);
        }

        first += start;
        int end = _held[first] is '{' or '[' ? JsonEnd.Find(_held, first) : first;
        return new Span(first, end, end);
    }

    // How much of what is held is text for certain, whatever follows.
    private int SureText()
    {
        string open = convention.Open ?? "";
        int sure = _held.Length;
        for (int length = Math.Min(open.Length - 1, _held.Length); length > 0; length--)
        {
            if (_held.AsSpan(_held.Length - length).SequenceEqual(open.AsSpan(0, length)))
            {
                sure -= length;
                break;
            }
        }

        // Blanks at the start or behind a call are layout, if a call follows or nothing.
        return _isFresh && IsBlank(_held[..sure]) ? 0 : sure;
    }

    private bool IsBlank(string text) => text.AsSpan().IndexOfAnyExcept(Blanks) < 0;

    private void Show(List<AIContent> contents, string text)
    {
        bool isBlank = IsBlank(text);
        if (text.Length > 0 && !(isBlank && _isFresh && _hasCalls))
        {
            _hasText |= !isBlank;
            _isFresh &= isBlank;
            contents.Add(new TextContent(text));
        }
    }

    private readonly record struct Span(int Start, int Inner, int End);
}
