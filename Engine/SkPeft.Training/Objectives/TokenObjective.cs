using SkPeft.Training.Data;
using SkPeft.Training.Forward;

namespace SkPeft.Training.Objectives;

/// <summary>A loss over the tokens of text: a sum of terms, each a mean over the step.</summary>
/// <param name="terms">The terms.</param>
internal sealed class TokenObjective(IReadOnlyList<ILossTerm> terms) : IStepObjective
{
    /// <summary>Whether the words of all classes are needed.</summary>
    public bool NeedsCandidates => terms.Any(t => t.NeedsCandidates);

    /// <summary>The objective of some kinds of loss.</summary>
    public static TokenObjective Of(IEnumerable<LossKind> losses, WordAggregation aggregation) => new([.. losses.Select(kind => TermOf(kind, aggregation))]);

    public IEnumerable<Passage> PassagesOf(Example example) =>
        NeedsCandidates ? example.Passages.Concat(example.Candidates.Select(c => c.Passage)).Distinct<Passage>(ReferenceEqualityComparer.Instance) : example.Passages;

    public double[] Counts(IEnumerable<Example> step)
    {
        Example[] examples = [.. step];
        return [.. terms.Select(t => examples.Sum(t.Count))];
    }

    public Tensor Run(ITrainingForward forward, IReadOnlyList<TrainingSequence> sequences) => forward.TokenLosses(sequences);

    public double Add(IReadOnlyList<Example> part, ReadOnlyMemory<float> results, Memory<float> slopes, double[] counts)
    {
        double[] sums = new double[terms.Count];
        int at = 0;
        foreach (Example example in part)
        {
            // A view of its own: a batch that is larger than the file has an example twice.
            Passage[] passages = [.. PassagesOf(example)];
            int count = passages.Sum(p => p.Losses);
            TokenLossView view = new(passages, results.Slice(at, count), slopes.Slice(at, count));
            for (int i = 0; i < terms.Count; i++)
            {
                sums[i] += terms[i].Add(example, view, counts[i]);
            }

            at += count;
        }

        double loss = 0;
        for (int i = 0; i < terms.Count; i++)
        {
            loss += sums[i] / counts[i];
        }

        return loss;
    }

    private static ILossTerm TermOf(LossKind kind, WordAggregation aggregation) => kind switch
    {
        LossKind.Words => new ClassTerm(amongClasses: false, lengthNormalised: false, aggregation),
        LossKind.Classes => new ClassTerm(amongClasses: true, lengthNormalised: false, aggregation),
        LossKind.Ranking => new ClassTerm(amongClasses: true, lengthNormalised: true, aggregation),
        LossKind.Unlikelihood => new UnlikelihoodTerm(),
        _ => new CompletionTerm(),
    };
}
