using SkPeft.Training.Data;
using SkPeft.Training.Forward;

namespace SkPeft.Training.Objectives;

/// <summary>Cross-entropy of a classifier's own head (SEQ_CLS), a mean over examples.</summary>
internal sealed class HeadObjective : IStepObjective
{
    public IEnumerable<Passage> PassagesOf(Example example) => example.Passages;

    public double[] Counts(IEnumerable<Example> step) => [step.Count()];

    public Tensor Run(ITrainingForward forward, IReadOnlyList<TrainingSequence> sequences) => forward.ClassScores(sequences);

    public double Add(IReadOnlyList<Example> part, ReadOnlyMemory<float> results, Memory<float> slopes, double[] counts)
    {
        int classes = results.Length / part.Count;
        double loss = 0;
        for (int i = 0; i < part.Count; i++)
        {
            ReadOnlySpan<float> scores = results.Span.Slice(i * classes, classes);
            Span<float> slope = slopes.Span.Slice(i * classes, classes);
            double total = LogSum(scores);
            int right = part[i].Class!.Value;
            loss += total - scores[right];
            for (int c = 0; c < classes; c++)
            {
                slope[c] = (float)((Math.Exp(scores[c] - total) - (c == right ? 1 : 0)) / counts[0]);
            }
        }

        return loss / counts[0];
    }

    private static double LogSum(ReadOnlySpan<float> scores)
    {
        double most = double.NegativeInfinity, sum = 0;
        foreach (float score in scores)
        {
            most = Math.Max(most, score);
        }

        foreach (float score in scores)
        {
            sum += Math.Exp(score - most);
        }

        return most + Math.Log(sum);
    }
}
