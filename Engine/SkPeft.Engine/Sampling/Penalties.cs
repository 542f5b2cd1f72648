namespace SkPeft.Engine.Sampling;

/// <summary>Logit bias and penalties for tokens that were used before.</summary>
internal static class Penalties
{
    public static void Apply(Span<float> logits, SamplingOptions options, TokenHistory history)
    {
        foreach ((int token, float bias) in options.LogitBias)
        {
            logits[token] += bias;
        }

        if (options.RepetitionPenalty != 1)
        {
            foreach (int token in history.Seen)
            {
                float logit = logits[token];
                logits[token] = MathF.Min(logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty, float.MaxValue);
            }
        }

        if (options.PresencePenalty != 0 || options.FrequencyPenalty != 0)
        {
            foreach ((int token, int count) in history.Answer)
            {
                logits[token] -= options.PresencePenalty + (options.FrequencyPenalty * count);
            }
        }
    }
}
