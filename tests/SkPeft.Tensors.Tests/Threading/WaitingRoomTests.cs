using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Threading;

/// <summary>Who has nothing to do sleeps in the kernel, so that another process on the same cores has all of them, and is woken when there is work.</summary>
public sealed class WaitingRoomTests
{
    [Fact]
    public void WaitWhile_NothingComes_Sleeps_AndWakeEndsIt()
    {
        using WaitingRoom room = new();
        int value = 0;
        Thread waiting = new(() => room.WaitWhile(ref value, 0));
        waiting.Start();
        bool slept = FallsAsleep(waiting);

        // A bell without a change is no reason to leave: it goes back to sleep.
        room.Wake();
        bool sleptAgain = FallsAsleep(waiting);

        Interlocked.Exchange(ref value, 1);
        room.Wake();
        waiting.Join();
        (slept, sleptAgain).ShouldBe((true, true));
    }

    [Fact]
    public void Workers_WithoutWork_Sleep_AndComeBackForTheNext()
    {
        const int Workers = 4;
        using WorkerTeam team = new(Workers);
        Thread[] threads = new Thread[Workers];
        for (int round = 0; round < 3; round++)
        {
            team.Run(new Delegated((worker, _) => threads[worker] = Thread.CurrentThread));
            threads[0].ShouldBe(Thread.CurrentThread);
            threads[1..].ShouldAllBe(t => FallsAsleep(t));
        }
    }

    [Fact]
    public void Caller_WhoWaitsForASlowWorker_Sleeps()
    {
        using WorkerTeam team = new(2);
        using ManualResetEventSlim goOn = new();
        Thread caller = new(() => team.Run(new Delegated((worker, _) =>
        {
            if (worker == 1)
            {
                goOn.Wait();
            }
        })));
        caller.Start();
        bool slept = FallsAsleep(caller);
        goOn.Set();
        caller.Join();
        slept.ShouldBeTrue();
    }

    [Fact]
    public void TeamsThatEachHaveAllCores_HandWorkOverBesideEachOther()
    {
        const int Teams = 3, Rounds = 2000;
        int workers = Math.Max(2, Environment.ProcessorCount);
        int[] done = new int[Teams];
        Thread[] callers = [.. Enumerable.Range(0, Teams).Select(i => new Thread(() =>
        {
            using WorkerTeam team = new(workers);
            for (int round = 0; round < Rounds; round++)
            {
                team.Run(new Delegated((_, _) => Interlocked.Increment(ref done[i])));
            }
        }))];
        Array.ForEach(callers, c => c.Start());
        Array.ForEach(callers, c => c.Join());
        done.ShouldAllBe(d => d == Rounds * workers);
    }

    // Spinning and yielding are running to the runtime; only who blocks in the kernel is in this state. Counted in looks, not in time.
    private static bool FallsAsleep(Thread thread)
    {
        for (int looks = 0; looks < 5000 && !IsAsleep(thread); looks++)
        {
            Thread.Sleep(1);
        }

        return IsAsleep(thread);
    }

    private static bool IsAsleep(Thread thread) => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

    private sealed class Delegated(Action<int, int> body) : IWork
    {
        public void Execute(int worker, int workers) => body(worker, workers);
    }
}
