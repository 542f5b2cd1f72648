using System.Numerics.Tensors;
using SkPeft.Engine.Generation;
using SkPeft.Host.Models;

namespace SkPeft.Host.Scoring;

/// <summary>Log-probabilities of whole answers behind one prompt.</summary>
internal sealed class AnswerScorer(ModelSession session)
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
            await session.Model.Engine.VisitLogitsAsync(prompt, session.Adapter, prompt.Count - 1, visit, prompt.Count, cancellationToken: cancellation);
        }

        foreach (int i in Enumerable.Range(0, answers.Count).Except(single))
        {
            scores[i] = (await session.Model.Engine.ScoreAsync(prompt, answers[i], session.Adapter, cancellationToken: cancellation)).Sum();
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
