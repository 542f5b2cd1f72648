namespace SkPeft.Training;

/// <summary>How an adapter did on held-out lines.</summary>
/// <param name="Step">How many steps were behind it.</param>
/// <param name="Accuracy">The share of lines whose true class had the highest score; null where the lines have no classes.</param>
/// <param name="MeanLoss">The mean negative log-likelihood: of a token of the completion, or of the true class.</param>
public sealed record Evaluation(int Step, double? Accuracy, double MeanLoss)
{
    /// <summary>Whether this one is better than another: by accuracy where there is one; where that is the same, or there is none, by loss.</summary>
    /// <param name="other">The other.</param>
    public bool IsBetterThan(Evaluation other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Accuracy is { } mine && other.Accuracy is { } theirs && mine != theirs ? mine > theirs : MeanLoss < other.MeanLoss;
    }
}
