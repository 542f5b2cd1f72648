using SkPeft.Engine.Scheduling;
using SkPeft.Http.Hosting;

namespace SkPeft.Http.Stats;

/// <summary>Looks at the engine every two seconds and remembers five minutes, so that a page that is opened now shows what was before.</summary>
/// <param name="host">The model.</param>
/// <param name="time">The clock.</param>
internal sealed class ActivityHistory(ModelHost host, TimeProvider time) : IDisposable
{
    /// <summary>The time between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const int Kept = 150;

    // What a module is doing now is told over the last half minute: one step alone has few of them in it.
    private const int KeptByModule = 15;

    private readonly Lock _gate = new();
    private readonly Queue<Sample> _samples = new();
    private readonly Queue<(long At, Dictionary<string, AdapterActivity> Modules)> _modules = new();
    private ITimer? _timer;

    /// <summary>Begins to look.</summary>
    public void Start() => _timer ??= time.CreateTimer(_ => Take(), null, Interval, Interval);

    /// <summary>Looks once.</summary>
    public void Take()
    {
        if (!host.IsReady)
        {
            return;
        }

        EngineStatistics engine;
        IReadOnlyList<AdapterActivity> activity;
        try
        {
            engine = host.Served.Runtime.Model.Engine.Statistics;
            activity = host.Served.Runtime.Model.Engine.Activity;
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        Add(new Sample(time.GetTimestamp(), time.GetUtcNow(), engine.Running, engine.Waiting, activity.Sum(a => a.PromptTokens), activity.Sum(a => a.AnswerTokens), Environment.WorkingSet), activity);
    }

    /// <summary>Takes one look's result.</summary>
    public void Add(Sample sample, IReadOnlyList<AdapterActivity> activity)
    {
        lock (_gate)
        {
            Push(_samples, sample, Kept);
            Push(_modules, (sample.Stamp, activity.ToDictionary(a => a.Adapter, StringComparer.Ordinal)), KeptByModule);
        }
    }

    /// <summary>Rates between every two looks, the oldest first.</summary>
    public IReadOnlyList<HistoryPoint> Points()
    {
        Sample[] all;
        lock (_gate)
        {
            all = [.. _samples];
        }

        return [.. all.Zip(all.Skip(1), (before, now) =>
        {
            double seconds = Seconds(before.Stamp, now.Stamp);
            return new HistoryPoint(now.At, now.Running, now.Waiting, (now.PromptTokens - before.PromptTokens) / seconds, (now.AnswerTokens - before.AnswerTokens) / seconds, now.WorkingSet);
        })];
    }

    /// <summary>The rates of a module from half a minute ago until now; 0 where nothing is known of it yet.</summary>
    public (double Prompt, double Answer) RatesOf(AdapterActivity now)
    {
        lock (_gate)
        {
            if (!_modules.TryPeek(out (long At, Dictionary<string, AdapterActivity> Modules) oldest))
            {
                return default;
            }

            double seconds = Seconds(oldest.At, time.GetTimestamp());
            AdapterActivity? before = oldest.Modules.GetValueOrDefault(now.Adapter);
            return ((now.PromptTokens - (before?.PromptTokens ?? 0)) / seconds, (now.AnswerTokens - (before?.AnswerTokens ?? 0)) / seconds);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private static void Push<T>(Queue<T> queue, T item, int most)
    {
        queue.Enqueue(item);
        if (queue.Count > most)
        {
            queue.Dequeue();
        }
    }

    // Two looks at one instant are no reason for infinity.
    private double Seconds(long from, long to) => Math.Max(0.001, time.GetElapsedTime(from, to).TotalSeconds);
}

/// <summary>One look at the engine.</summary>
/// <param name="Stamp">When, by the clock's own count.</param>
/// <param name="At">When.</param>
/// <param name="Running">Requests in steps.</param>
/// <param name="Waiting">Requests in the queue.</param>
/// <param name="PromptTokens">Tokens of prompts since the model was opened.</param>
/// <param name="AnswerTokens">Tokens of answers since then.</param>
/// <param name="WorkingSet">Bytes of the process in memory.</param>
internal sealed record Sample(long Stamp, DateTimeOffset At, int Running, int Waiting, long PromptTokens, long AnswerTokens, long WorkingSet);
