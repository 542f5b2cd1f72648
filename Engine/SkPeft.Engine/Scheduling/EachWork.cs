using SkPeft.Tensors.Threading;

namespace SkPeft.Engine.Scheduling;

/// <summary>Items that differ in effort: each worker takes the next one that is left.</summary>
internal sealed class EachWork(int count, Action<int> body) : IWork
{
    private int _next = -1;

    public void Execute(int worker, int workers)
    {
        for (int i = Interlocked.Increment(ref _next); i < count; i = Interlocked.Increment(ref _next))
        {
            body(i);
        }
    }
}
