using SkPeft.Adapters.Store;

namespace SkPeft.Host.Chat;

/// <summary>What the session has done so far.</summary>
internal sealed class ChatStatistics
{
    private int _answers;
    private long _tokens;
    private TimeSpan _time;

    public void Count(long tokens, TimeSpan time)
    {
        _answers++;
        _tokens += tokens;
        _time += time;
    }

    public IEnumerable<string> Lines(ResidencyStatistics adapters)
    {
        string rate = _time > TimeSpan.Zero ? $", {_tokens} tokens, {_tokens / _time.TotalSeconds:F1} a second" : "";
        yield return $"{_answers} answers in {_time.TotalSeconds:F1} s{rate}; memory of the process {Environment.WorkingSet / (1 << 20)} MiB";
        yield return $"adapters: {adapters.Loads} loaded, {adapters.Hits} found in memory, {adapters.ResidentBytes:N0} of {adapters.BudgetBytes:N0} bytes";
    }
}
