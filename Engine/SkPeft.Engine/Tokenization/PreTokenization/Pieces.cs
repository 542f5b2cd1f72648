using System.Runtime.InteropServices;

namespace SkPeft.Engine.Tokenization.PreTokenization;

/// <summary>A run of text that is being cut into words; a stage may cut further or rewrite.</summary>
internal sealed class Pieces
{
    private readonly List<(int Start, int Length)> _ranges = [];
    private readonly List<(int Start, int Length)> _spare = [];
    private char[] _text;
    private char[] _rewritten = [];
    private int _rewrittenLength;

    public Pieces(char[] text, int start, int length, bool startsText)
    {
        _text = text;
        StartsText = startsText;
        if (length > 0)
        {
            _ranges.Add((start, length));
        }
    }

    /// <summary>True where the first piece is the beginning of the whole text.</summary>
    public bool StartsText { get; }

    public ReadOnlySpan<(int Start, int Length)> Ranges => CollectionsMarshal.AsSpan(_ranges);

    public ReadOnlySpan<char> this[(int Start, int Length) range] => _text.AsSpan(range.Start, range.Length);

    /// <summary>Cuts every piece: <paramref name="cut"/> gets a piece and adds its parts with <see cref="Keep"/>.</summary>
    public void Cut(Action<Pieces, (int Start, int Length)> cut)
    {
        _spare.Clear();
        _spare.AddRange(_ranges);
        _ranges.Clear();
        foreach ((int, int) range in _spare)
        {
            cut(this, range);
        }
    }

    /// <summary>Adds a piece while cutting; empty ones vanish.</summary>
    public void Keep(int start, int length)
    {
        if (length > 0)
        {
            _ranges.Add((start, length));
        }
    }

    /// <summary>Rewrites every piece: <paramref name="rewrite"/> gets its number and text and writes with <see cref="Write(char)"/>.</summary>
    public void Rewrite(Action<Pieces, int, (int Start, int Length)> rewrite)
    {
        _rewrittenLength = 0;
        for (int i = 0; i < _ranges.Count; i++)
        {
            int start = _rewrittenLength;
            rewrite(this, i, _ranges[i]);
            _ranges[i] = (start, _rewrittenLength - start);
        }

        _text = _rewritten;
        _rewritten = [];
    }

    public void Write(char c)
    {
        Grow(1);
        _rewritten[_rewrittenLength++] = c;
    }

    public void Write(ReadOnlySpan<char> text)
    {
        Grow(text.Length);
        text.CopyTo(_rewritten.AsSpan(_rewrittenLength));
        _rewrittenLength += text.Length;
    }

    private void Grow(int by)
    {
        if (_rewrittenLength + by > _rewritten.Length)
        {
            Array.Resize(ref _rewritten, Math.Max(_rewrittenLength + by, Math.Max(_text.Length + (_text.Length / 4), _rewritten.Length * 2)));
        }
    }
}
