using System.Numerics.Tensors;
using SkPeft.Engine.Generation;

namespace SkPeft.Training.Scoring;

/// <summary>Log-probabilities of whole answers behind one prompt, by the engine that serves.</summary>
/// <param name="engine">The engine.</param>
/// <param name="adapter">The adapter, or null for the bare base.</param>
internal sealed class AnswerScorer(InferenceEngine engine, ILoadedAdapter? adapter)
{
    /// <summary>Σ log p of each answer's tokens. Answers of one token share one reading of the prompt.</summary>
    public async Task<double[]> ScoreAsync(IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> answers, CancellationToken cancellation)
    {
        double[] scores = new double[answers.Count];
        int[] single = [.. Enumerable.Range(0, answers.Count).Where(i => answers[i].Count == 1)];
        if (single.Length > 0)
        {
            LogitsVisitor visit = (_, logits) =>
            {
                double normaliser = Normaliser(logits);
                foreach (int i in single)
                {
                    scores[i] = logits[answers[i][0]] - normaliser;
                }
            };
            await engine.VisitLogitsAsync(prompt, adapter, prompt.Count - 1, visit, prompt.Count, cancellationToken: cancellation);
        }

        foreach (int i in Enumerable.Range(0, answers.Count).Except(single))
        {
            scores[i] = (await engine.ScoreAsync(prompt, answers[i], adapter, cancellationToken: cancellation)).Sum();
        }

        return scores;
    }

    private static double Normaliser(ReadOnlySpan<float> logits)
    {
        float max = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - max);
        }

        return max + Math.Log(sum);
    }
}
