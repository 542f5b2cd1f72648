namespace SkPeft.Training.Forward;

/// <summary>What a training loop needs of a model: losses and scores that lead back to parameters.</summary>
/// <remarks>Used by one thread at a time.</remarks>
internal interface ITrainingForward
{
    /// <summary>Negative log-likelihoods (natural logarithm) of the tokens that carry loss, [n], sequence by sequence.</summary>
    Tensor TokenLosses(IReadOnlyList<TrainingSequence> sequences);

    /// <summary>The scores of the adapters' own classes behind every sequence, [sequences, classes].</summary>
    Tensor ClassScores(IReadOnlyList<TrainingSequence> sequences);
}
