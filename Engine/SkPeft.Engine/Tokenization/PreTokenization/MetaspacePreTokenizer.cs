namespace SkPeft.Engine.Tokenization.PreTokenization;

/// <summary>Where a metaspace is put in front.</summary>
internal enum PrependScheme
{
    Always,
    First,
    Never,
}

/// <summary>SentencePiece's space, <c>▁</c>: for every space, in front of the text, and (where <c>split</c> says so) as the start of every word.</summary>
internal sealed class MetaspacePreTokenizer(string metaspace, PrependScheme scheme, bool split) : PreTokenizer
{
    private readonly SplitPreTokenizer _words = new(new LiteralFinder(metaspace), SplitBehavior.MergedWithNext, invert: false);

    public override void Apply(Pieces pieces)
    {
        pieces.Rewrite(Replace);
        if (split)
        {
            _words.Apply(pieces);
        }
    }

    private void Replace(Pieces pieces, int number, (int Start, int Length) range)
    {
        ReadOnlySpan<char> text = pieces[range];
        bool prepend = scheme == PrependScheme.Always || (scheme == PrependScheme.First && number == 0 && pieces.StartsText);
        if (prepend && text[0] != ' ' && !text.StartsWith(metaspace, StringComparison.Ordinal))
        {
            pieces.Write(metaspace);
        }

        foreach (char c in text)
        {
            if (c == ' ')
            {
                pieces.Write(metaspace);
            }
            else
            {
                pieces.Write(c);
            }
        }
    }
}
