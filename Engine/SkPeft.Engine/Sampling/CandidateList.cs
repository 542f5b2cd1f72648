namespace SkPeft.Engine.Sampling;

/// <summary>Tokens that may be drawn, most probable first, with their probabilities; each filter keeps at least one.</summary>
internal readonly struct CandidateList
{
    private readonly (int Id, double P)[] _candidates;

    /// <summary>Sorts the tokens of a distribution given by logits (ties: lower id first) and normalises.</summary>
    public CandidateList(ReadOnlySpan<float> logits)
    {
        float max = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            max = MathF.Max(max, logit);
        }

        // exp(-60) of the best token's probability cannot be drawn with 53 random bits: leaving it out makes sorting cheap.
        List<(int Id, double P)> kept = [];
        for (int id = 0; id < logits.Length; id++)
        {
            if (logits[id] > max - 60)
            {
                kept.Add((id, Math.Exp(logits[id] - max)));
            }
        }

        kept.Sort(static (a, b) => a.P != b.P ? b.P.CompareTo(a.P) : a.Id.CompareTo(b.Id));
        _candidates = Normalise([.. kept]);
    }

    private CandidateList((int Id, double P)[] candidates) => _candidates = Normalise(candidates);

    public IReadOnlyList<(int Id, double P)> Items => _candidates;

    public CandidateList TopK(int k) => k <= 0 || k >= _candidates.Length ? this : new CandidateList(_candidates[..k]);

    public CandidateList TopP(float p)
    {
        if (p >= 1)
        {
            return this;
        }

        double sum = 0;
        int count = 0;
        while (count < _candidates.Length && sum < p)
        {
            sum += _candidates[count++].P;
        }

        return new CandidateList(_candidates[..Math.Max(1, count)]);
    }

    public CandidateList MinP(float p)
    {
        double floor = p * _candidates[0].P;
        return p <= 0 ? this : new CandidateList([.. _candidates.TakeWhile(c => c.P >= floor)]);
    }

    /// <summary>Keeps the tokens whose surprise is nearest to the entropy, up to a mass (arXiv 2202.00666 §3).</summary>
    public CandidateList Typical(float mass)
    {
        if (mass >= 1)
        {
            return this;
        }

        double entropy = -_candidates.Sum(c => c.P > 0 ? c.P * Math.Log(c.P) : 0);
        double sum = 0;
        List<(int Id, double P)> kept = [];
        foreach ((int Id, double P) candidate in _candidates.OrderBy(c => Math.Abs(-Math.Log(c.P) - entropy)))
        {
            kept.Add(candidate);
            sum += candidate.P;
            if (sum >= mass)
            {
                break;
            }
        }

        return new CandidateList([.. kept.OrderByDescending(c => c.P).ThenBy(c => c.Id)]);
    }

    /// <param name="uniform">In [0, 1).</param>
    public int Draw(double uniform)
    {
        foreach ((int id, double p) in _candidates)
        {
            uniform -= p;
            if (uniform < 0)
            {
                return id;
            }
        }

        return _candidates[^1].Id;
    }

    private static (int Id, double P)[] Normalise((int Id, double P)[] candidates)
    {
        double sum = candidates.Sum(c => c.P);
        return [.. candidates.Select(c => (c.Id, c.P / sum))];
    }
}
