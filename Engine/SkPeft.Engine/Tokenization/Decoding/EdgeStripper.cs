using System.Text;

namespace SkPeft.Engine.Tokenization.Decoding;

/// <summary>Strips the ends of a text that arrives in pieces: the start at once, the end by holding back what may be the end.</summary>
internal sealed class EdgeStripper(EdgeStrip strip)
{
    private int _startLeft = strip.Start;
    private int _held;

    public void Apply(StringBuilder piece, bool isEnd)
    {
        int leading = 0;
        while (_startLeft > 0 && leading < piece.Length)
        {
            if (piece[leading] == strip.Content)
            {
                leading++;
                _startLeft--;
            }
            else
            {
                _startLeft = 0;
            }
        }

        piece.Remove(0, leading);
        if (strip.Stop > 0)
        {
            HoldEnd(piece, isEnd);
        }

        if (isEnd)
        {
            _startLeft = strip.Start;
        }
    }

    private void HoldEnd(StringBuilder piece, bool isEnd)
    {
        piece.Insert(0, new string(strip.Content, _held));
        int run = 0;
        while (run < strip.Stop && run < piece.Length && piece[piece.Length - 1 - run] == strip.Content)
        {
            run++;
        }

        piece.Remove(piece.Length - run, run);
        _held = isEnd ? 0 : run;
    }
}
