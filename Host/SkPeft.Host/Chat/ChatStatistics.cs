using SkPeft.Adapters.Store;

namespace SkPeft.Host.Chat;

/// <summary>What the session has done so far.</summary>
internal sealed class ChatStatistics
{
    private int _answers;
    private long _updates;
    private TimeSpan _time;

    public void Count(int updates, TimeSpan time)
    {
        _answers++;
        _updates += updates;
        _time += time;
    }

    public IEnumerable<string> Lines(ResidencyStatistics adapters)
    {
        string rate = _time > TimeSpan.Zero ? $", {_updates / _time.TotalSeconds:F1} pieces a second" : "";
        yield return $"{_answers} answers in {_time.TotalSeconds:F1} s{rate}; memory of the process {Environment.WorkingSet / (1 << 20)} MiB";
        yield return $"adapters: {adapters.Loads} loaded, {adapters.Hits} found in memory, {adapters.ResidentBytes:N0} of {adapters.BudgetBytes:N0} bytes";
    }
}
