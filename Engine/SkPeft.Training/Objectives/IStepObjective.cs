using SkPeft.Training.Data;
using SkPeft.Training.Forward;

namespace SkPeft.Training.Objectives;

/// <summary>What a step computes for its examples, and the loss that becomes of it.</summary>
internal interface IStepObjective
{
    /// <summary>The sequences that an example takes.</summary>
    IEnumerable<Passage> PassagesOf(Example example);

    /// <summary>The denominators of a step.</summary>
    double[] Counts(IEnumerable<Example> step);

    /// <summary>Runs sequences.</summary>
    Tensor Run(ITrainingForward forward, IReadOnlyList<TrainingSequence> sequences);

    /// <summary>The loss of some of the step's examples, and its slopes along their results.</summary>
    /// <param name="part">The examples.</param>
    /// <param name="results">What <see cref="Run"/> gave for their passages.</param>
    /// <param name="slopes">Gets d loss / d each result; zeros at first.</param>
    /// <param name="counts">What <see cref="Counts"/> gave for the whole step.</param>
    double Add(IReadOnlyList<Example> part, ReadOnlyMemory<float> results, Memory<float> slopes, double[] counts);
}
