namespace SkPeft.Plugins.Tests;

public class ManyReloadsTests
{
    [Fact]
    public async Task TwoHundredReloads_WhileRequestsRun_FailNone_ChangeBehaviour_AndLeaveOneContext()
    {
        const int Reloads = 200;
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);
        using CancellationTokenSource stop = new();
        long requests = 0;
        Task[] workers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    using IPeftMethodLease lease = catalog.Acquire("SHOUT");
                    string expected = lease.Plugin.Version == "1.0.0.0" ? "one" : "two";
                    Using.Say(lease).ShouldBe(expected);
                    Thread.Yield();
                    Using.Say(lease).ShouldBe(expected);
                    Interlocked.Increment(ref requests);
                }
            },
            TestContext.Current.CancellationToken))];

        int most = 0;
        for (int i = 1; i <= Reloads; i++)
        {
            bool second = i % 2 == 1;
            sandbox.Put(second ? "TestPlugin.Shout.V2" : "TestPlugin.Shout.V1");
            catalog.Refresh();
            Using.Shout(catalog).ShouldBe(second ? "two" : "one");
            catalog.Current("SHOUT")!.Generation.ShouldBe(i + 1);
            most = Math.Max(most, Using.Contexts(PluginSandbox.Shout));
            long seen = Interlocked.Read(ref requests);
            await EventLog.Until(() => Interlocked.Read(ref requests) > seen, () => "requests run between reloads");
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
        await log.WaitFor(PluginEventKind.Unloaded, Reloads);
        log.Of(PluginEventKind.StillHeld).ShouldBeEmpty();
        log.Of(PluginEventKind.Refused).ShouldBeEmpty();
        Using.Contexts(PluginSandbox.Shout).ShouldBe(1);
        catalog.List().ShouldHaveSingleItem().Leases.ShouldBe(0);

        // Generations leave while others come: they do not pile up until the end.
        most.ShouldBeLessThan(Reloads / 2);
    }
}
