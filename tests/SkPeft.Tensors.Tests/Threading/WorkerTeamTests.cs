using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Threading;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ManyTimes_EveryWorkerTakesPartOnce(int threads)
    {
        using var team = new WorkerTeam(threads);
        var counts = new int[threads];
        var work = new Delegated((worker, workers) =>
        {
            workers.ShouldBe(threads);
            counts[worker]++;
        });
        for (int i = 0; i < 2000; i++)
        {
            team.Run(work);
        }

        counts.ShouldAllBe(c => c == 2000);
    }

    [Fact]
    public async Task Run_AfterTheWorkersFellAsleep_WakesThem()
    {
        using var team = new WorkerTeam(3);
        int total = 0;
        for (int i = 0; i < 5; i++)
        {
            team.Run(new Delegated((_, _) => Interlocked.Increment(ref total)));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        total.ShouldBe(15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_WorkerThrows_CallerGetsItAndTheTeamGoesOn(int thrower)
    {
        using var team = new WorkerTeam(3);
        Should.Throw<FormatException>(() => team.Run(new Delegated((worker, _) =>
        {
            if (worker == thrower)
            {
                throw new FormatException("boom");
            }
        }))).Message.ShouldBe("boom");
        int total = 0;
        team.Run(new Delegated((_, _) => Interlocked.Increment(ref total)));
        total.ShouldBe(3);
    }

    [Fact]
    public void Run_FromInsideItsOwnWork_IsRefusedInsteadOfDeadlocking()
    {
        using var team = new WorkerTeam(2);
        var inner = new Delegated((_, _) => { });
        var outer = new Delegated((worker, _) =>
        {
            if (worker == 0)
            {
                team.Run(inner);
            }
        });
        Should.Throw<InvalidOperationException>(() => team.Run(outer)).Message.ShouldContain("inside work");
    }

    [Fact]
    public async Task Run_FromTwoThreads_OneAtATime()
    {
        using var team = new WorkerTeam(2);
        int inside = 0;
        int most = 0;
        var work = new Delegated((worker, _) =>
        {
            if (worker == 0)
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                Interlocked.Decrement(ref inside);
            }
        });
        void Loop()
        {
            for (int i = 0; i < 500; i++)
            {
                team.Run(work);
            }
        }

        await Task.WhenAll(Task.Run(Loop, TestContext.Current.CancellationToken), Task.Run(Loop, TestContext.Current.CancellationToken));
        most.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void Constructor_AbsurdCount_NamesTheOption(int threads) =>
        Should.Throw<InvalidOptionException>(() => new WorkerTeam(threads)).Option.ShouldBe("threads");

    [Fact]
    public void Run_AfterDispose_IsRefused()
    {
        var team = new WorkerTeam(2);
        team.Dispose();
        team.Dispose();
        Should.Throw<ObjectDisposedException>(() => team.Run(new Delegated((_, _) => { })));
    }

    private sealed class Delegated(Action<int, int> body) : IWork
    {
        public void Execute(int worker, int workers) => body(worker, workers);
    }
}
