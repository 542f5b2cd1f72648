namespace SkPeft.Engine.Sampling;

/// <summary>
/// How the next token is chosen. Applied in this order, behind the mask of a grammar: logit bias, repetition, presence and frequency penalties,
/// temperature, top-k, typical, top-p, min-p, draw. The defaults are greedy.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>0 takes the most probable token (greedy); above 0 divides the logits. From 0 to 100; default 0.</summary>
    public float Temperature { get; init; }

    /// <summary>Keeps the k most probable tokens; 0 keeps all. Default 0.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps the smallest set of most probable tokens whose probabilities reach p (arXiv 1904.09751). Above 0 to 1; default 1.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Drops tokens less probable than p times the most probable one (arXiv 2407.01082). 0 to 1; default 0.</summary>
    public float MinP { get; init; }

    /// <summary>Locally typical sampling with this mass (arXiv 2202.00666). Above 0 to 1; default 1.</summary>
    public float Typical { get; init; } = 1;

    /// <summary>Divides positive and multiplies negative logits of tokens seen in prompt or answer (CTRL, arXiv 1909.05858). Above 0; default 1.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted once from the logit of each token of the answer so far. -2 to 2 is usual; default 0.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Subtracted from a token's logit for each of its occurrences in the answer so far. -2 to 2 is usual; default 0.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Added to the logits of these tokens. -100 and below forbids a token in practice, -infinity for certain.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>Same seed, same prompt, same text; null draws one from the operating system, which the answer's timings name.</summary>
    public long? Seed { get; init; }

    /// <summary>How many of the most probable tokens are reported with their log-probabilities at each step; null reports none at all.</summary>
    public int? TopLogProbs { get; init; }

    /// <summary>Checks all ranges.</summary>
    /// <param name="vocabulary">Entries of the vocabulary.</param>
    /// <exception cref="InvalidOptionException">A value is out of range; the message names it.</exception>
    public void Validate(int vocabulary)
    {
        Check("temperature", Temperature, v => v is >= 0 and <= 100, "0 to 100");
        Check("top_k", TopK, v => v >= 0, "0 (all) or more");
        Check("top_p", TopP, v => v is > 0 and <= 1, "above 0 and at most 1");
        Check("min_p", MinP, v => v is >= 0 and <= 1, "0 to 1");
        Check("typical_p", Typical, v => v is > 0 and <= 1, "above 0 and at most 1");
        Check("repetition_penalty", RepetitionPenalty, v => v is > 0 and <= 100, "above 0 and at most 100");
        Check("presence_penalty", PresencePenalty, v => v is >= -100 and <= 100, "-100 to 100");
        Check("frequency_penalty", FrequencyPenalty, v => v is >= -100 and <= 100, "-100 to 100");
        Check("top_logprobs", TopLogProbs ?? 0, v => v >= 0 && v <= vocabulary, $"0 to {vocabulary}");
        foreach ((int token, float bias) in LogitBias)
        {
            Check("logit_bias token", token, v => v >= 0 && v < vocabulary, $"0 to {vocabulary - 1}");
            Check("logit_bias value", bias, v => !float.IsNaN(v) && !float.IsPositiveInfinity(v), "a number or -infinity");
        }
    }

    private static void Check<T>(string name, T value, Func<T, bool> fits, string expected)
    {
        if (!fits(value))
        {
            throw new InvalidOptionException(name, $"{value}", expected);
        }
    }
}
