using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Threading;

public sealed class CoresTests
{
    [Fact]
    public void AThreadLeavesTheCoreThatItIsOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.ProcessorCount > 1, "needs Linux and two cores");
        bool moved = false;
        Thread thread = new(() =>
        {
            // The kernel may move it as well, in either direction; but hardly a hundred times in a row.
            for (int i = 0; i < 100 && !moved; i++)
            {
                int before = Cores.Current;
                moved = Cores.TryLeave([before]) && Cores.Current != before;
            }
        });
        thread.Start();
        thread.Join();
        moved.ShouldBeTrue();
    }

    [Fact]
    public void WhereEveryCoreIsTaken_NobodyMoves() => Cores.TryLeave([.. Enumerable.Range(0, 1024)]).ShouldBeFalse();
}
