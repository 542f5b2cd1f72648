using SkPeft.Training.Data;
using SkPeft.Training.Forward;
using SkPeft.Training.Objectives;

namespace SkPeft.Training.Loop;

/// <summary>Measures learners on held-out examples, by the forward that trains them.</summary>
/// <param name="forward">The forward.</param>
/// <param name="examples">The examples.</param>
/// <param name="memory">Memory of activations.</param>
/// <param name="settings">How words become classes.</param>
/// <param name="byHead">Whether a classifier's own head decides.</param>
/// <param name="mostRows">Rows that run through the model at one time, but for one example.</param>
/// <param name="softRows">Soft tokens of a sequence: rows, too.</param>
internal sealed class Evaluator(ITrainingForward forward, IReadOnlyList<Example> examples, RunMemory memory, LoopSettings settings, bool byHead, int mostRows, int softRows)
{
    /// <summary>Whether there is anything to measure on.</summary>
    public bool HasExamples => examples.Count > 0;

    /// <summary>Measures a learner as it is now.</summary>
    public Evaluation Run(Learner learner, int step, CancellationToken cancellation)
    {
        double loss = 0, counted = 0;
        int right = 0, labelled = 0;
        foreach (IReadOnlyList<Example> part in Parts())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ExampleScore score in byHead ? ByHead(learner, part) : ByWords(learner, part))
            {
                (loss, counted) = (loss + score.Loss, counted + score.Count);
                (right, labelled) = (right + (score.IsRight == true ? 1 : 0), labelled + (score.IsRight is null ? 0 : 1));
            }

            memory.Recycle();
        }

        return new Evaluation(step, labelled == examples.Count ? (double)right / labelled : null, loss / counted);
    }

    private IEnumerable<IReadOnlyList<Example>> Parts()
    {
        List<Example> part = [];
        int rows = 0;
        foreach (Example example in examples)
        {
            int more = PassagesOf(example).Sum(p => p.Ids.Length + softRows);
            if (part.Count > 0 && rows + more > mostRows)
            {
                yield return part;
                (part, rows) = ([], 0);
            }

            part.Add(example);
            rows += more;
        }

        yield return part;
    }

    private static IEnumerable<Passage> PassagesOf(Example example) =>
        example.Candidates.Count > 0 && example.Class is not null ? example.Candidates.Select(c => c.Passage) : example.Passages;

    private IEnumerable<ExampleScore> ByWords(Learner learner, IReadOnlyList<Example> part)
    {
        float[] losses = forward.TokenLosses([.. Sequences.Of(learner, part, PassagesOf)]).Data.ToArray();
        TokenLossView view = new(part.SelectMany(PassagesOf), losses, default);
        foreach (Example example in part)
        {
            if (example.Candidates.Count == 0 || example.Class is not { } truth)
            {
                yield return new ExampleScore(example.Passages.Sum(view.Sum), example.Passages.Sum(p => p.Counted), null);
                continue;
            }

            ClassScores scores = new(example.Candidates, c => -view.Sum(c.Passage), settings.Aggregation);
            yield return new ExampleScore(-scores[truth], 1, scores.Best == truth);
        }
    }

    private IEnumerable<ExampleScore> ByHead(Learner learner, IReadOnlyList<Example> part)
    {
        Tensor scores = forward.ClassScores([.. Sequences.Of(learner, part, PassagesOf)]);
        for (int i = 0; i < part.Count; i++)
        {
            float[] row = scores.Row(i).ToArray();
            double most = row.Max(), total = most + Math.Log(row.Sum(s => Math.Exp(s - most)));
            int truth = part[i].Class!.Value;
            yield return new ExampleScore(total - row[truth], 1, Array.IndexOf(row, row.Max()) == truth);
        }
    }

    private readonly record struct ExampleScore(double Loss, double Count, bool? IsRight);
}
