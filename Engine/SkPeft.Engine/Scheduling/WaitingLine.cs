namespace SkPeft.Engine.Scheduling;

/// <summary>
/// Who is next: the highest priority, then the tenant that has had least of the engine for its weight, then whoever came first. A tenant
/// that was away gets no credit for it (start-time fair queueing, Goyal et al. 1996).
/// </summary>
internal sealed class WaitingLine(IReadOnlyDictionary<string, double> weights)
{
    private readonly List<SequenceJob> _jobs = [];
    private readonly Dictionary<string, double> _served = new(StringComparer.Ordinal);

    public int Count => _jobs.Count;

    public IReadOnlyList<SequenceJob> Jobs => _jobs;

    /// <summary>Puts a job at the end, or (set aside by the engine) at the front.</summary>
    /// <param name="job">The job.</param>
    /// <param name="active">The jobs that run now.</param>
    /// <param name="first">Whether it is ahead of its equals.</param>
    public void Add(SequenceJob job, IEnumerable<SequenceJob> active, bool first = false)
    {
        string tenant = job.Terms.Tenant;
        string[] present = [.. active.Concat(_jobs).Select(j => j.Terms.Tenant).Distinct()];
        if (!present.Contains(tenant))
        {
            double least = present.Length == 0 ? 0 : present.Min(Served);
            Forget(present);
            _served[tenant] = Math.Max(least, Served(tenant));
        }

        _jobs.Insert(first ? 0 : _jobs.Count, job);
    }

    public void Remove(SequenceJob job) => _jobs.Remove(job);

    /// <summary>The next job, or null. It stays in the line.</summary>
    public SequenceJob? Best()
    {
        SequenceJob? best = null;
        foreach (SequenceJob job in _jobs)
        {
            if (best is null || job.Terms.Priority > best.Terms.Priority
                || (job.Terms.Priority == best.Terms.Priority && Served(job.Terms.Tenant) < Served(best.Terms.Tenant)))
            {
                best = job;
            }
        }

        return best;
    }

    /// <summary>
    /// Whose place a newcomer may take where all are taken: of those that have not begun the last of a lower priority, or the last of the tenant
    /// that has most of the engine for its weight, if that is more than the newcomer's tenant would then have. Null: nobody's.
    /// </summary>
    public SequenceJob? GivingUp(SequenceJob newcomer, IEnumerable<SequenceJob> running)
    {
        SequenceJob[] candidates = [.. _jobs.Where(j => j.Admission == 0 && j.Terms.Priority <= newcomer.Terms.Priority)];
        if (candidates.Length == 0)
        {
            return null;
        }

        int lowest = candidates.Min(j => j.Terms.Priority);
        if (lowest < newcomer.Terms.Priority)
        {
            return candidates.Last(j => j.Terms.Priority == lowest);
        }

        Dictionary<string, int> places = running.Concat(_jobs).CountBy(j => j.Terms.Tenant).ToDictionary(StringComparer.Ordinal);
        string greedy = candidates.Select(j => j.Terms.Tenant).MaxBy(t => places[t] / WeightOf(t))!;
        string tenant = newcomer.Terms.Tenant;
        return places[greedy] / WeightOf(greedy) > (places.GetValueOrDefault(tenant) + 1) / WeightOf(tenant) ? candidates.Last(j => j.Terms.Tenant == greedy) : null;
    }

    /// <summary>What a tenant has had, in tokens of weight 1.</summary>
    public double Served(string tenant) => _served.GetValueOrDefault(tenant);

    /// <summary>A tenant's weight.</summary>
    public double WeightOf(string tenant) => weights.GetValueOrDefault(tenant, 1);

    /// <summary>Counts tokens that were run for a tenant.</summary>
    public void Charge(string tenant, int tokens) => _served[tenant] = Served(tenant) + (tokens / WeightOf(tenant));

    // Tenants come and go (adapters get new versions): the books are kept small.
    private void Forget(string[] present)
    {
        if (_served.Count > 1000)
        {
            double most = _served.Values.Max();
            foreach (string gone in _served.Keys.Except(present).ToArray())
            {
                _served.Remove(gone);
            }

            // Nobody gains by being forgotten.
            _served[""] = Math.Max(Served(""), most);
        }
    }
}
