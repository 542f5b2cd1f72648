using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Differentiation;
using SkPeft.Training.Forward;

namespace SkPeft.Training.Tests.Loop;

/// <summary>
/// A model of one line: the loss of a token is the squared distance between a number that the adapter has for the token before it, and one
/// that the token wants. The adapter's numbers are the gain of the final norm.
/// </summary>
internal sealed class FakeForward : ITrainingForward
{
    /// <summary>Sequences of every call.</summary>
    public List<IReadOnlyList<TrainingSequence>> Calls { get; } = [];

    /// <summary>Called before a loss is computed, with the number of calls so far; may change it.</summary>
    public Func<int, float, float> Change { get; init; } = (_, loss) => loss;

    public Tensor TokenLosses(IReadOnlyList<TrainingSequence> sequences)
    {
        int call = Calls.Count;
        Calls.Add(sequences);
        List<(Tensor Weight, int Place, float Wanted)> parts = [];
        foreach (TrainingSequence sequence in sequences)
        {
            Tensor weight = Numbers(sequence.Effects);
            for (int t = sequence.LossFrom; t < sequence.Ids.Length; t++)
            {
                parts.Add((weight, sequence.Ids.Span[t - 1] % weight.Length, sequence.Ids.Span[t] % 5));
            }
        }

        Tensor losses = new(parts.Count);
        for (int i = 0; i < parts.Count; i++)
        {
            float distance = parts[i].Weight.Data[parts[i].Place] - parts[i].Wanted;
            losses.Data[i] = Change(call, distance * distance);
        }

        return Operation.Record(losses, (gradient, gradients) =>
        {
            for (int i = 0; i < parts.Count; i++)
            {
                gradients.Buffer(parts[i].Weight).Data[parts[i].Place] += gradient.Data[i] * 2 * (parts[i].Weight.Data[parts[i].Place] - parts[i].Wanted);
            }
        }, [.. parts.Select(p => p.Weight).Distinct()]);
    }

    public Tensor ClassScores(IReadOnlyList<TrainingSequence> sequences) => throw new NotSupportedException("The fake has no head.");

    private static Tensor Numbers(EffectIndex effects) => effects.At(new NormSite(-1, NormKind.Final))!;
}
