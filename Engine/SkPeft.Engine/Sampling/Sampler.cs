using System.Numerics.Tensors;

namespace SkPeft.Engine.Sampling;

/// <summary>Chooses tokens from logits; one instance a request (it carries the random stream and the history).</summary>
internal sealed class Sampler
{
    // JavaScript keeps whole numbers up to here, and a drawn seed is there to be sent back.
    private const long LargestDrawn = (1L << 53) - 1;

    private readonly SamplingOptions _options;
    private readonly TokenHistory _history;
    private readonly CandidateList _candidates = new();
    private float[] _raw = [];
    private readonly ITokenConstraint? _constraint;
    private SplitMix64 _random;

    public Sampler(SamplingOptions options, IEnumerable<int> prompt, int vocabulary, ITokenConstraint? constraint = null)
    {
        _constraint = constraint;
        options.Validate(vocabulary);
        _options = options;
        _history = new TokenHistory(prompt);
        Seed = options.Seed ?? BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)) & LargestDrawn;
        _random = new SplitMix64(Seed);
    }

    /// <summary>The seed in use, so that a run without one can be repeated.</summary>
    public long Seed { get; }

    /// <summary>Chooses the next token; <paramref name="logits"/> are overwritten.</summary>
    /// <exception cref="ModelOutputException">The logits are not numbers: weights or adapter are damaged.</exception>
    /// <exception cref="InvalidOptionException">The logit bias forbids every token.</exception>
    public SampledToken Next(Span<float> logits)
    {
        LogProbabilities.RequireNumbers(logits);
        double normaliser = 0;
        IReadOnlyList<TokenLogProbability> top = [];
        if (_options.TopLogProbs is { } count)
        {
            normaliser = LogProbabilities.Normaliser(logits);
            top = LogProbabilities.Top(logits, normaliser, count);
            Remember(logits);
        }

        _constraint?.Apply(logits);
        Penalties.Apply(logits, _options, _history);
        float max = TensorPrimitives.Max(logits);
        if (float.IsNegativeInfinity(max))
        {
            throw new InvalidOptionException("logit_bias", "-infinity for every token that the model would give", "at least one token that is not forbidden");
        }

        int id = _options.Temperature == 0 ? TensorPrimitives.IndexOfMax(logits) : Draw(logits, max);
        _history.Add(id);
        _constraint?.Accept(id);
        return new SampledToken(id, _options.TopLogProbs is null ? double.NaN : _raw[id] - normaliser, top);
    }

    private void Remember(ReadOnlySpan<float> logits)
    {
        if (_raw.Length != logits.Length)
        {
            _raw = new float[logits.Length];
        }

        logits.CopyTo(_raw);
    }

    private int Draw(Span<float> logits, float max)
    {
        // The greatest becomes 0 first, so that no temperature, however small, can overflow.
        TensorPrimitives.Subtract(logits, max, logits);
        TensorPrimitives.Divide(logits, _options.Temperature, logits);
        if (_options is { TopK: 0, TopP: 1, MinP: 0, Typical: 1 })
        {
            return DrawFromAll(logits);
        }

        _candidates.Take(logits, _options.TopK);
        if (_options.Typical < 1)
        {
            _candidates.Typical(_options.Typical);
        }

        if (_options.TopP < 1)
        {
            _candidates.TopP(_options.TopP);
        }

        _candidates.MinP(_options.MinP);
        return _candidates.Draw(_random.NextDouble());
    }

    // Without truncation nothing needs sorting.
    private int DrawFromAll(Span<float> logits)
    {
        TensorPrimitives.Exp(logits, logits);
        double sum = 0;
        foreach (float weight in logits)
        {
            sum += weight;
        }

        double left = _random.NextDouble() * sum;
        int last = 0;
        for (int id = 0; id < logits.Length; id++)
        {
            if (logits[id] > 0)
            {
                last = id;
                left -= logits[id];
                if (left < 0)
                {
                    break;
                }
            }
        }

        return last;
    }
}
