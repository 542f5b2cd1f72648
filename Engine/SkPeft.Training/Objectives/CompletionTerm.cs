using SkPeft.Training.Data;

namespace SkPeft.Training.Objectives;

/// <summary>Cross-entropy: the mean negative log-likelihood of the tokens that carry loss.</summary>
internal sealed class CompletionTerm : ILossTerm
{
    public bool NeedsCandidates => false;

    public double Count(Example example) => example.Passages.Sum(p => p.Counted);

    public double Add(Example example, TokenLossView view, double count)
    {
        double sum = 0;
        foreach (Passage passage in example.Passages)
        {
            sum += view.Sum(passage);
            view.AddSlope(passage, 1 / count);
        }

        return sum;
    }
}
