using System.Diagnostics;

namespace SkPeft.Tensors.Threading;

/// <summary>
/// Where one thread waits for another: it spins for a few microseconds, then yields its core, then sleeps in the kernel.
/// Spinning makes hand-overs cheap while work keeps coming; yielding lets another process that shares the core go on;
/// sleeping means that an idle engine costs nothing.
/// </summary>
internal sealed class WaitingRoom : IDisposable
{
    private const int Awake = 0;
    private const int Asleep = 1;
    private static readonly long s_spinTicks = Stopwatch.Frequency / 50_000; // 20 µs
    private static readonly long s_yieldTicks = Stopwatch.Frequency / 5_000; // 200 µs

    private readonly AutoResetEvent _bell = new(false);
    private int _state;

    /// <summary>Waits until <paramref name="value"/> is no longer <paramref name="old"/>.</summary>
    public void WaitWhile(ref int value, int old)
    {
        if (Volatile.Read(ref value) != old)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            for (int i = 0; i < 32; i++)
            {
                if (Volatile.Read(ref value) != old)
                {
                    return;
                }

                Thread.SpinWait(1);
            }

            long waited = Stopwatch.GetTimestamp() - start;
            if (waited > s_yieldTicks)
            {
                Sleep(ref value, old);
            }
            else if (waited > s_spinTicks)
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>Wakes the waiting thread if it sleeps. The caller has changed the awaited value with a full fence before.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _state) == Asleep && Interlocked.CompareExchange(ref _state, Awake, Asleep) == Asleep)
        {
            _bell.Set();
        }
    }

    public void Dispose() => _bell.Dispose();

    private void Sleep(ref int value, int old)
    {
        Interlocked.Exchange(ref _state, Asleep);
        bool stillOld = Volatile.Read(ref value) == old;

        // Whoever turns Asleep into Awake owns the bell: if the waker was faster, its ring must be consumed.
        if (stillOld || Interlocked.CompareExchange(ref _state, Awake, Asleep) == Awake)
        {
            _bell.WaitOne();
        }
    }
}
