using System.Numerics.Tensors;

namespace SkPeft.Engine.Sampling;

/// <summary>Log-probabilities of a distribution given by logits.</summary>
internal static class LogProbabilities
{
    /// <summary>Sees to it that logits are a distribution: none is NaN, and the greatest is finite.</summary>
    /// <exception cref="ModelOutputException">They are not.</exception>
    public static void RequireNumbers(ReadOnlySpan<float> logits)
    {
        float max = TensorPrimitives.Max(logits);
        if (!float.IsFinite(max))
        {
            throw new ModelOutputException($"the greatest of {logits.Length} logits is {max}");
        }
    }

    /// <summary>log Σ exp(logit), in double precision with the maximum subtracted.</summary>
    public static double Normaliser(ReadOnlySpan<float> logits)
    {
        float max = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - max);
        }

        return max + Math.Log(sum);
    }

    /// <summary>The most probable tokens, best first; ties: lower id first.</summary>
    public static IReadOnlyList<TokenLogProbability> Top(ReadOnlySpan<float> logits, double normaliser, int count)
    {
        if (count == 0)
        {
            return [];
        }

        // The root is the worst of the best: smallest logit, and among equals the highest id.
        PriorityQueue<int, (float Logit, int NegativeId)> best = new(count + 1);
        for (int id = 0; id < logits.Length; id++)
        {
            if (best.Count < count)
            {
                best.Enqueue(id, (logits[id], -id));
            }
            else if (best.TryPeek(out _, out (float Logit, int NegativeId) worst) && logits[id] > worst.Logit)
            {
                best.EnqueueDequeue(id, (logits[id], -id));
            }
        }

        TokenLogProbability[] top = new TokenLogProbability[best.Count];
        for (int i = top.Length - 1; i >= 0; i--)
        {
            int id = best.Dequeue();
            top[i] = new TokenLogProbability(id, logits[id] - normaliser);
        }

        return top;
    }
}
