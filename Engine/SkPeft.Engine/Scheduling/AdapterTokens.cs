using System.Runtime.InteropServices;

namespace SkPeft.Engine.Scheduling;

/// <summary>Counts tokens by adapter, by name: it keeps no job and no adapter alive.</summary>
internal sealed class AdapterTokens
{
    // Requests may compose adapters with weights of their own: names without end.
    private const int MostNames = 1024;
    private const string Others = "(others)";

    private readonly Dictionary<string, (long Prompt, long Answer)> _counts = new(StringComparer.Ordinal);

    public void Add(IReadOnlyList<StepEntry> entries)
    {
        foreach (StepEntry entry in entries)
        {
            ref (long Prompt, long Answer) count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, NameOf(entry.Job.Plan.Adapter), out _);
            if (entry.WasReading)
            {
                count.Prompt += entry.Count;
            }
            else
            {
                count.Answer += entry.Count;
            }
        }
    }

    /// <summary>The counts, beside the jobs that run and wait now.</summary>
    public IReadOnlyList<AdapterActivity> With(IReadOnlyList<SequenceJob> running, WaitingLine line)
    {
        Dictionary<string, int> run = CountOf(running), wait = CountOf(line.Jobs);
        return [.. _counts.Keys.Union(run.Keys).Union(wait.Keys).Select(name =>
        {
            (long prompt, long answer) = _counts.GetValueOrDefault(name);
            return new AdapterActivity(name, run.GetValueOrDefault(name), wait.GetValueOrDefault(name), prompt, answer);
        })];
    }

    private string NameOf(string adapter) => _counts.Count < MostNames || _counts.ContainsKey(adapter) ? adapter : Others;

    private static Dictionary<string, int> CountOf(IReadOnlyList<SequenceJob> jobs) =>
        jobs.CountBy(j => j.Plan.Adapter, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
}
