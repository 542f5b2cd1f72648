using System.Runtime.CompilerServices;

namespace SkPeft.Plugins.Tests;

public class UnloadTests
{
    private const string Shout = PluginSandbox.Shout;

    [Fact]
    public async Task Reload_WithoutLeases_TheOldGenerationIsSeenDead()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);
        PluginIdentity old = catalog.Current("SHOUT")!;
        Using.Shout(catalog).ShouldBe("one");
        sandbox.Put("TestPlugin.Shout.V2");
        catalog.Refresh();

        (await log.WaitFor(PluginEventKind.Unloaded)).Identity.ShouldBe(old);
        catalog.List().ShouldHaveSingleItem().Status.ShouldBe(PluginStatus.Active);
    }

    [Fact]
    public async Task Lease_HeldOverAReload_KeepsTheOldUntilItEnds()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);
        IPeftMethodLease lease = catalog.Acquire("SHOUT");
        sandbox.Put("TestPlugin.Shout.V2");
        catalog.Refresh();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Using.Say(lease).ShouldBe("one");
        log.Of(PluginEventKind.Unloaded).ShouldBeEmpty();
        lease.Dispose();
        (await log.WaitFor(PluginEventKind.Unloaded)).Identity!.Generation.ShouldBe(1);

        // The lease itself may be kept: it holds nothing any more.
        GC.KeepAlive(lease);
    }

    [Fact]
    public async Task Module_KeptBeyondItsLease_IsNamedAsWhatHoldsThePlugin_AndWhenItGoesThePluginDoes()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options with { UnloadTimeout = TimeSpan.FromMilliseconds(200) }, log.Sink);
        List<object> kept = Keep(catalog, "support@3");
        sandbox.Put("TestPlugin.Shout.V2");
        catalog.Refresh();

        PluginEvent held = await log.WaitFor(PluginEventKind.StillHeld);
        held.Message.ShouldContain("ShoutModule (adapter 'support@3')");
        held.Identity!.Version.ShouldBe("1.0.0.0");
        catalog.List().Single(p => p.Status == PluginStatus.StillHeld).Reason.ShouldNotBeNull().ShouldContain("support@3");

        kept.Clear();
        await EventLog.Until(
            () =>
            {
                GC.Collect();
                return log.Of(PluginEventKind.Unloaded).Count == 1;
            },
            () => "nothing holds the old generation any more");
        catalog.List().ShouldHaveSingleItem().Version.ShouldBe("2.0.0.0");
    }

    [Fact]
    public void Lease_ThatLastsLong_IsNamedWithItsOwnerAndAdapter()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        ManualTimeProvider clock = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options with { DrainWarning = TimeSpan.FromMinutes(2) }, log.Sink, clock);
        using IPeftMethodLease lease = AcquireForALongTime(catalog);
        Using.Load(lease, "slow@1");
        sandbox.Put("TestPlugin.Shout.V2");
        catalog.Refresh();
        clock.Advance(TimeSpan.FromSeconds(119));
        log.Of(PluginEventKind.StillHeld).ShouldBeEmpty();
        clock.Advance(TimeSpan.FromSeconds(2));

        string message = log.Single(PluginEventKind.StillHeld).Message;
        message.ShouldContain("10:00:00");
        message.ShouldContain($"{nameof(UnloadTests)}.{nameof(AcquireForALongTime)}");
        message.ShouldContain("adapter 'slow@1'");
        catalog.List().Single(p => p.Status == PluginStatus.Draining).Reason.ShouldNotBeNull().ShouldContain("slow@1");
    }

    [Fact]
    public async Task Exception_OfAPlugin_MayBeKeptWithoutKeepingThePlugin()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);
        Exception kept = Fail(catalog);
        catalog.Reload(Shout);

        await log.WaitFor(PluginEventKind.Unloaded);
        kept.Message.ShouldContain("no such time");
    }

    [Fact]
    public async Task Dispose_UnloadsWhatIsNotLeased()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        sandbox.Put("TestPlugin.Quoter");
        EventLog log = new();
        PluginCatalog.Open(sandbox.Options, log.Sink).Dispose();

        await log.WaitFor(PluginEventKind.Unloaded, 2);
        Using.Contexts(Shout).ShouldBe(0);
        Using.Contexts("TestPlugin.Quoter").ShouldBe(0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<object> Keep(PluginCatalog catalog, string adapter)
    {
        using IPeftMethodLease lease = catalog.Acquire("SHOUT");
        return [Using.Load(lease, adapter)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IPeftMethodLease AcquireForALongTime(PluginCatalog catalog) => catalog.Acquire("SHOUT");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PluginFaultException Fail(PluginCatalog catalog)
    {
        using IPeftMethodLease lease = catalog.Acquire("SHOUT");
        return Should.Throw<PluginFaultException>(() => Using.Load(lease, "bad"));
    }
}
