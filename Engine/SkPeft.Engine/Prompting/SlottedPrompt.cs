using SkPeft.Engine.Tokenization;

namespace SkPeft.Engine.Prompting;

/// <summary>The tokens of a prompt that may have places for soft tokens in its text.</summary>
public static class SlottedPrompt
{
    /// <summary>
    /// Encodes a prompt. With slots, its trusted text is cut at their markers, what lies between two of them is tokenised by itself, and a
    /// marker becomes the placeholder ids of its soft tokens; markers in untrusted text are text. Without, this is the tokenizer's own encoding.
    /// </summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="segments">The prompt in order.</param>
    /// <param name="slots">The adapter's soft tokens, or null.</param>
    /// <exception cref="InvalidOptionException">A marker names soft tokens that there are not.</exception>
    public static IReadOnlyList<int> Encode(ITokenizer tokenizer, IReadOnlyList<TextSegment> segments, SoftSlots? slots)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (slots is null)
        {
            return tokenizer.Encode(segments);
        }

        List<int> ids = [];
        List<TextSegment> between = [];
        foreach (TextSegment segment in segments)
        {
            foreach (SlotPiece piece in segment.Trusted ? slots.Cut(segment.Text) : [new SlotPiece(segment.Text, [])])
            {
                if (piece.Ids.Count == 0)
                {
                    between.Add(segment with { Text = piece.Text });
                    continue;
                }

                Flush();
                ids.AddRange(piece.Ids);
            }
        }

        Flush();
        return ids;

        void Flush()
        {
            ids.AddRange(tokenizer.Encode(between));
            between.Clear();
        }
    }
}
