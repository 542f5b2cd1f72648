using SkPeft.Training.Data;

namespace SkPeft.Training.Objectives;

/// <summary>A part of the loss: a mean over what it counts in a step, so that a step may be computed in parts.</summary>
internal interface ILossTerm
{
    /// <summary>Whether it needs the words of all classes.</summary>
    bool NeedsCandidates { get; }

    /// <summary>How much of the mean's denominator is this example.</summary>
    double Count(Example example);

    /// <summary>The example's share of the numerator; writes its slopes, divided by the step's denominator.</summary>
    /// <param name="example">The example.</param>
    /// <param name="view">Its losses.</param>
    /// <param name="count">The denominator of the whole step.</param>
    double Add(Example example, TokenLossView view, double count);
}
