using System.Globalization;
using SkPeft.Engine.Tokenization.Bpe;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>
/// SentencePiece keeps no list of merges: any two neighbours whose union is a token may merge, the union with the best score
/// first. Written out, that is a table of merges in which unions of one score share a rank.
/// </summary>
internal static class ScoreMerges
{
    /// <summary>Splitting a token costs the square of its length; this is some hundred times what real vocabularies need.</summary>
    private const long MaximumWork = 1L << 30;

    public static MergeTable Read(GgufVocabulary source, Vocabulary vocabulary)
    {
        if (source.Scores is not { } scores)
        {
            throw new FileFormatException(source.Source, "tokenizer.ggml.scores", "nothing", "the scores of a llama tokenizer");
        }

        Dictionary<float, int> ranks = Ranks(source, scores);
        MergeTable merges = new();
        long work = 0;
        for (int id = 0; id < source.Tokens.Count; id++)
        {
            ReadOnlySpan<char> token = source.Tokens[id];
            if (!CanMerge(source, id))
            {
                continue;
            }

            work += (long)token.Length * token.Length;
            if (work > MaximumWork)
            {
                throw new FileFormatException(source.Source, $"tokenizer.ggml.tokens[{id}]", $"{token.Length} characters, after others as long", "tokens of some dozen characters");
            }

            for (int cut = 1; cut < token.Length; cut++)
            {
                if (vocabulary.IdOf(token[..cut]) is { } left && vocabulary.IdOf(token[cut..]) is { } right && CanMerge(source, left) && CanMerge(source, right))
                {
                    merges.Set(left, right, ranks[scores[id]], id);
                }
            }
        }

        return merges;
    }

    private static Dictionary<float, int> Ranks(GgufVocabulary source, IReadOnlyList<float> scores)
    {
        for (int id = 0; id < scores.Count; id++)
        {
            if (!float.IsFinite(scores[id]))
            {
                throw new FileFormatException(source.Source, $"tokenizer.ggml.scores[{id}]", scores[id].ToString(CultureInfo.InvariantCulture), "a finite number");
            }
        }

        return scores.Distinct().OrderDescending().Select((score, rank) => (score, rank)).ToDictionary(s => s.score, s => s.rank);
    }

    private static bool CanMerge(GgufVocabulary source, int id) =>
        source.TokenTypes?[id] is null or GgufTokenType.Undefined or GgufTokenType.Normal or GgufTokenType.UserDefined;
}
