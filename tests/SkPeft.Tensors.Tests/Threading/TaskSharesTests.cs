using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Threading;

public sealed class TaskSharesTests
{
    [Theory]
    [InlineData(0, 3, 2)]
    [InlineData(1, 3, 2)]
    [InlineData(7, 1, 1)]
    [InlineData(100, 8, 3)]
    [InlineData(101, 1000, 4)]
    public void Draw_BySomeWorkersOnly_HandsOutEveryTaskOnce(int tasks, int most, int workers)
    {
        var shares = new TaskShares();
        for (int present = 1; present <= workers; present++)
        {
            // The others are held up for ever: their shares are done all the same.
            shares.Begin(tasks, most, workers);
            int[] drawn = new int[tasks];
            bool any = true;
            while (any)
            {
                any = false;
                for (int worker = 0; worker < present; worker++)
                {
                    any |= DrawInto(shares, worker, workers, most, drawn);
                }
            }

            drawn.ShouldAllBe(count => count == 1);
        }
    }

    [Fact]
    public void Draw_OfOwnShare_GoesOnWhereItStopped_AndEndsWithSingleTasks()
    {
        var shares = new TaskShares();
        shares.Begin(40, 6, 2);
        int at = 20;
        List<int> counts = [];
        while (at < 40)
        {
            shares.Draw(1, 2, out int first, out int count).ShouldBeTrue();
            first.ShouldBe(at);
            counts.Add(count);
            at += count;
        }

        counts.ShouldBe([6, 6, 4, 2, 1, 1]);
        shares.Draw(1, 2, out int stolen, out int length).ShouldBeTrue();
        (stolen, length).ShouldBe((14, 6), "from the end of the other's");
    }

    [Fact]
    public void Draw_FromManyThreads_HandsOutEveryTaskOnce()
    {
        const int Tasks = 200_000, Workers = 4;
        var shares = new TaskShares();
        shares.Begin(Tasks, 3, Workers);
        int[] drawn = new int[Tasks];
        Thread[] threads = [.. Enumerable.Range(0, Workers).Select(worker => new Thread(() =>
        {
            while (DrawInto(shares, worker, Workers, 3, drawn))
            {
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        drawn.ShouldAllBe(count => count == 1);
    }

    private static bool DrawInto(TaskShares shares, int worker, int workers, int most, int[] drawn)
    {
        if (!shares.Draw(worker, workers, out int first, out int count))
        {
            return false;
        }

        count.ShouldBeInRange(1, most);
        for (int task = first; task < first + count; task++)
        {
            Interlocked.Increment(ref drawn[task]);
        }

        return true;
    }
}
