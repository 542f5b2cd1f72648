using System.Collections.Concurrent;

namespace SkPeft.Plugins.Tests;

/// <summary>Collects events, and waits for those that come from another thread.</summary>
internal sealed class EventLog
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<PluginEvent> _events = new();

    public Action<PluginEvent> Sink => _events.Enqueue;

    public IReadOnlyList<PluginEvent> All => [.. _events];

    public IReadOnlyList<PluginEvent> Of(PluginEventKind kind) => [.. _events.Where(e => e.Kind == kind)];

    public PluginEvent Single(PluginEventKind kind) => Of(kind).ShouldHaveSingleItem();

    /// <summary>Waits until there are that many events of a kind, and returns the last of them.</summary>
    public async Task<PluginEvent> WaitFor(PluginEventKind kind, int count = 1)
    {
        await Until(() => Of(kind).Count >= count, () => $"{count} × {kind}; there are: {string.Join(" | ", All.Select(e => $"{e.Kind}: {e.Message}"))}");
        return Of(kind)[count - 1];
    }

    /// <summary>Waits for something that another thread brings about; a test that would wait for ever fails instead.</summary>
    public static async Task Until(Func<bool> condition, Func<string> what)
    {
        using CancellationTokenSource limit = new(s_patience);
        while (!condition())
        {
            limit.IsCancellationRequested.ShouldBeFalse(what());
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
