namespace SkPeft.Adapters.Store;

/// <summary>Waits in small steps for something that another process does, and gives up with a sentence.</summary>
internal sealed class Patience(TimeProvider time, string store, string action, CancellationToken cancellationToken)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(5);
    private readonly long _start = time.GetTimestamp();

    public void Wait()
    {
        if (time.GetElapsedTime(_start).TotalSeconds > StoreDatabase.BusySeconds)
        {
            throw new StoreException(
                $"Cannot {action}: other processes have kept the store '{store}' busy for {StoreDatabase.BusySeconds} s. Try again when they are done.");
        }

        _ = cancellationToken.WaitHandle.WaitOne(s_step);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
