using SkPeft.Engine.Tests.Generation;

namespace SkPeft.Engine.Tests.Scheduling;

/// <summary>Holds the engine inside a step, so that what is asked meanwhile waits together.</summary>
internal sealed class Held : IAsyncDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private Task _holder = Task.CompletedTask;

    public static async Task<Held> StartAsync(SmallEngine engine)
    {
        Held held = new();
        TaskCompletionSource inside = new(TaskCreationOptions.RunContinuationsAsynchronously);
        held._holder = engine.Engine.VisitLogitsAsync([1], null, 0, (_, _) =>
        {
            inside.SetResult();
            held._release.Wait();
        }).AsTask();
        await inside.Task;
        return held;
    }

    public void Release() => _release.Set();

    public async ValueTask DisposeAsync()
    {
        _release.Set();
        await _holder;
        _release.Dispose();
    }
}
