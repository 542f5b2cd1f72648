using SkPeft.Training.Data;

namespace SkPeft.Training.Objectives;

/// <summary>Unlikelihood of the wrong classes' words: the mean of −log(1 − p) over their tokens (T-Few, arXiv 2205.05638, eq. 2).</summary>
internal sealed class UnlikelihoodTerm : ILossTerm
{
    // A token of probability 1 has no finite loss, nor slope.
    private const double LeastDoubt = 1e-6;

    public bool NeedsCandidates => true;

    public double Count(Example example) => Wrong(example).Sum(p => p.Counted);

    public double Add(Example example, TokenLossView view, double count)
    {
        double sum = 0;
        foreach (Passage passage in Wrong(example))
        {
            ReadOnlySpan<float> losses = view.LossesOf(passage);
            Span<float> slopes = view.SlopesOf(passage);
            for (int i = 0; i < losses.Length; i++)
            {
                if (passage.Mask?[i] != false)
                {
                    double probability = Math.Exp(-losses[i]), doubt = Math.Max(LeastDoubt, 1 - probability);
                    sum -= Math.Log(doubt);
                    slopes[i] -= (float)(probability / doubt / count);
                }
            }
        }

        return sum;
    }

    private static IEnumerable<Passage> Wrong(Example example) => example.Candidates.Where(c => c.Class != example.Class).Select(c => c.Passage);
}
