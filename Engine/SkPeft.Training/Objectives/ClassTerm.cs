using SkPeft.Training.Data;

namespace SkPeft.Training.Objectives;

/// <summary>How the words of a class become the class's score.</summary>
public enum WordAggregation
{
    /// <summary>Their probabilities are added.</summary>
    Sum,

    /// <summary>Their probabilities are averaged: classes of many words get no head start.</summary>
    Mean,
}

/// <summary>
/// The loss of a class that several words may stand for: −log of its score, against all the vocabulary or against the other classes; a mean
/// over examples.
/// </summary>
/// <param name="amongClasses">Whether scores are normalised over the classes; else over the vocabulary.</param>
/// <param name="lengthNormalised">Whether a word's score is its mean log-probability per token (T-Few's ranking, arXiv 2205.05638, eq. 1); else the sum.</param>
/// <param name="aggregation">How the words of a class become one score.</param>
internal sealed class ClassTerm(bool amongClasses, bool lengthNormalised, WordAggregation aggregation) : ILossTerm
{
    public bool NeedsCandidates => true;

    public double Count(Example example) => 1;

    public double Add(Example example, TokenLossView view, double count)
    {
        ClassScores scores = new(example.Candidates, c => -view.Sum(c.Passage) / (lengthNormalised ? c.Passage.Counted : 1), aggregation);
        int right = example.Class!.Value;
        double all = amongClasses ? scores.Total : 0;
        foreach (Candidate candidate in example.Candidates)
        {
            // d loss / d score of a class, times the word's share of its class.
            double pull = (amongClasses ? Math.Exp(scores[candidate.Class] - all) : 0) - (candidate.Class == right ? 1 : 0);
            double slope = -pull * scores.ShareOf(candidate) / (lengthNormalised ? candidate.Passage.Counted : 1);
            view.AddSlope(candidate.Passage, slope / count);
        }

        return all - scores[right];
    }
}
