using System.Numerics.Tensors;

namespace SkPeft.Engine.Sampling;

/// <summary>Chooses tokens from logits; one instance a request (it carries the random stream and the history).</summary>
internal sealed class Sampler
{
    private readonly SamplingOptions _options;
    private readonly TokenHistory _history;
    private SplitMix64 _random;

    public Sampler(SamplingOptions options, IEnumerable<int> prompt, int vocabulary)
    {
        options.Validate(vocabulary);
        _options = options;
        _history = new TokenHistory(prompt);
        Seed = options.Seed ?? BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
        _random = new SplitMix64(Seed);
    }

    /// <summary>The seed in use, so that a run without one can be repeated.</summary>
    public long Seed { get; }

    /// <summary>Chooses the next token; <paramref name="logits"/> are overwritten.</summary>
    /// <exception cref="InvalidOperationException">The logits are not numbers: weights or adapter are damaged.</exception>
    public SampledToken Next(Span<float> logits)
    {
        double normaliser = 0;
        IReadOnlyList<TokenLogProbability> top = [];
        if (_options.TopLogProbs is { } count)
        {
            normaliser = LogProbabilities.Normaliser(logits);
            top = LogProbabilities.Top(logits, normaliser, count);
        }

        float[]? raw = _options.TopLogProbs is null ? null : logits.ToArray();
        Penalties.Apply(logits, _options, _history);
        int id = _options.Temperature == 0 ? TensorPrimitives.IndexOfMax(logits) : Draw(logits);
        if (id < 0 || float.IsNaN(logits[id]))
        {
            throw new InvalidOperationException("The model's logits are not numbers; its weights or the adapter's are damaged.");
        }

        _history.Add(id);
        return new SampledToken(id, raw is null ? double.NaN : raw[id] - normaliser, top);
    }

    private int Draw(Span<float> logits)
    {
        TensorPrimitives.Divide(logits, _options.Temperature, logits);
        if (_options is { TopK: 0, TopP: 1, MinP: 0, Typical: 1 })
        {
            return DrawFromAll(logits);
        }

        return new CandidateList(logits).TopK(_options.TopK).Typical(_options.Typical).TopP(_options.TopP).MinP(_options.MinP).Draw(_random.NextDouble());
    }

    // Without truncation nothing needs sorting.
    private int DrawFromAll(ReadOnlySpan<float> logits)
    {
        float max = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - max);
        }

        double left = _random.NextDouble() * sum;
        int last = 0;
        for (int id = 0; id < logits.Length; id++)
        {
            double weight = Math.Exp(logits[id] - max);
            if (weight > 0)
            {
                last = id;
            }

            left -= weight;
            if (left < 0)
            {
                return id;
            }
        }

        return last;
    }
}
