using SkPeft.Engine.Tokenization.Bpe;
using SkPeft.Engine.Tokenization.Loading;

namespace SkPeft.Engine.Tokenization.Saving;

/// <summary>
/// A SentencePiece vocabulary has scores where tokenizer.json has a list of merges: the earlier a token is made, the better its score.
/// Only a list that such scores give back can be written.
/// </summary>
internal static class SentencePieceScores
{
    public static float[] Of(MergeTable merges, Vocabulary vocabulary, int size)
    {
        // Tokens that no merge makes come last; their scores matter to nobody.
        float[] scores = [.. Enumerable.Repeat((float)-(merges.Count + 1), size)];
        int made = 0;
        foreach (int result in merges.InOrder().Select(m => ResultOf(m, vocabulary)).Distinct())
        {
            scores[result] = -++made;
        }

        return scores;
    }

    /// <summary>Checks that scores say the same as the list: the same pairs, and each token's pairs together.</summary>
    /// <exception cref="UnsupportedModelException">They do not.</exception>
    public static void Require(GgufVocabulary written, MergeTable merges, Vocabulary vocabulary)
    {
        int[] results = [.. merges.InOrder().Select(m => ResultOf(m, vocabulary))];
        int runs = results.Where((result, i) => i == 0 || result != results[i - 1]).Count();
        MergeTable read = ScoreMerges.Read(written, vocabulary);
        if (runs != results.Distinct().Count() || read.Count != merges.Count || !merges.InOrder().All(m => read.TryGet(m.Left, m.Right, out _, out _)))
        {
            throw new UnsupportedModelException(written.Source, "model.merges", "a list that no scores of tokens give",
                "all pairs of tokens whose union is a token, those of one token together, as HF converts a SentencePiece model");
        }
    }

    private static int ResultOf((int Left, int Right, int Rank) merge, Vocabulary vocabulary) =>
        vocabulary.IdOf(vocabulary.TextOf(merge.Left) + vocabulary.TextOf(merge.Right))!.Value;
}
