using System.Text.Json;

namespace SkPeft.Connectors.Tools;

/// <summary>
/// Follows the calls of an answer that is held to <see cref="ToolGrammar"/>: there they are spelled in one way, so that what has been written of
/// one is certain before its end.
/// </summary>
/// <param name="convention">How the model writes calls.</param>
/// <param name="ids">Ids of calls.</param>
internal sealed class ToolCallDeltas(ToolConvention convention, CallIds ids)
{
    private const string Head = "{\"name\": ";

    private readonly string _middle = $", \"{convention.Arguments}\":";
    private readonly List<ToolCallDelta> _deltas = [];
    private string _held = "";
    private Part _part = convention.IsBare ? Part.Between : Part.Text;
    private int _index = -1;
    private int _sent;

    private enum Part
    {
        Text,
        Between,
        Arguments,
    }

    /// <summary>Takes text and gives what it says of calls.</summary>
    public IReadOnlyList<ToolCallDelta> Push(string text)
    {
        _deltas.Clear();
        _held += text;
        while (Step())
        {
        }

        return [.. _deltas];
    }

    // True where there may be more to say.
    private bool Step() => _part switch
    {
        Part.Text => FindMark(),
        Part.Between => FindCall(),
        _ => Send(),
    };

    private bool FindMark()
    {
        int open = convention.Open is { } mark ? _held.IndexOf(mark, StringComparison.Ordinal) : -1;
        if (open < 0)
        {
            int keep = Math.Min(_held.Length, Math.Max(0, (convention.Open?.Length ?? 1) - 1));
            _held = _held[^keep..];
            return false;
        }

        return Go(Part.Between, open + convention.Open!.Length);
    }

    private bool FindCall()
    {
        _held = _held.TrimStart(' ', '\n', ',', '[');
        if (_held.Length == 0 || (_held.Length < Head.Length && Head.StartsWith(_held, StringComparison.Ordinal)))
        {
            return false;
        }

        if (!_held.StartsWith(Head, StringComparison.Ordinal))
        {
            return Go(Part.Text, 0);
        }

        int end = EndOfName();
        if (end < 0 || _held.Length < end + _middle.Length)
        {
            return false;
        }

        string name = JsonSerializer.Deserialize<string>(_held[Head.Length..end])!;
        _index++;
        _sent = 0;
        _deltas.Add(new ToolCallDelta(_index, ids.At(_index), name, ""));
        return Go(Part.Arguments, end + _middle.Length);
    }

    private int EndOfName()
    {
        for (int i = Head.Length + 1; i < _held.Length; i++)
        {
            if (_held[i] == '"')
            {
                return i + 1;
            }

            i += _held[i] == '\\' ? 1 : 0;
        }

        return -1;
    }

    private bool Send()
    {
        int start = _held.AsSpan().IndexOfAnyExcept(' ', '\n');
        if (start < 0)
        {
            return false;
        }

        int end = JsonEnd.Find(_held, start);
        string said = _held[start..(end < 0 ? _held.Length : end)];
        if (said.Length > _sent)
        {
            _deltas.Add(new ToolCallDelta(_index, ids.At(_index), null, said[_sent..]));
            _sent = said.Length;
        }

        // One brace closes the call itself.
        return end >= 0 && _held.Length > end && Go(Part.Between, end + 1);
    }

    private bool Go(Part part, int from)
    {
        _held = _held[from..];
        _part = part;
        return true;
    }
}
