namespace SkPeft.Plugins.Tests;

/// <summary>One plugin that goes wrong in many ways; which one, it is told through the application's data.</summary>
public sealed class MisbehavingPluginTests : IDisposable
{
    private const string Name = "TestPlugin.Misbehaving";
    private readonly PluginSandbox _sandbox = new();
    private readonly EventLog _log = new();
    private readonly ManualResetEventSlim _gate = new();

    public MisbehavingPluginTests()
    {
        _sandbox.Put(Name);
        AppContext.SetData("TestPlugin.Misbehaving.Gate", _gate);
    }

    public void Dispose()
    {
        Behave(null);
        _gate.Set();
        _sandbox.Dispose();
    }

    [Theory]
    [InlineData("constructor throws", "the constructor of TestPlugin.MisbehavingMethod failed with InvalidTimeZoneException: constructor is out of order.")]
    [InlineData("types throws", "TestPlugin.MisbehavingMethod.PeftTypes failed with InvalidTimeZoneException: types is out of order.")]
    [InlineData("description throws", "TestPlugin.MisbehavingMethod.Description failed with InvalidTimeZoneException: description is out of order.")]
    [InlineData("self-test throws", "the self-test of TestPlugin.MisbehavingMethod failed with InvalidTimeZoneException: self-test is out of order.")]
    [InlineData("types are null", "PeftTypes is empty or has an empty entry")]
    [InlineData("types are empty", "PeftTypes is empty or has an empty entry")]
    [InlineData("a type is blank", "PeftTypes is empty or has an empty entry")]
    [InlineData("a type twice", "names peft_type 'misbehaving' twice")]
    [InlineData("calls native code", "asks for the native library 'libc'; plugins are managed code only")]
    public async Task NewVersion_ThatGoesWrong_IsRefusedWithItsReason_TheOldStays_AndTheRefusedOneLeavesMemory(string behaviour, string reason)
    {
        using PluginCatalog catalog = PluginCatalog.Open(_sandbox.Options, _log.Sink);
        Behave(behaviour);

        Should.Throw<PluginLoadException>(() => catalog.Reload(Name)).Message.ShouldContain(reason);
        _log.Single(PluginEventKind.Refused).Message.ShouldContain(reason);
        _log.Single(PluginEventKind.Refused).Message.ShouldContain("(generation 1), loaded before, stays in service");
        catalog.Current("MISBEHAVING")!.Generation.ShouldBe(1);
        (await _log.WaitFor(PluginEventKind.Unloaded)).Identity!.Generation.ShouldBe(2);
        Using.Contexts(Name).ShouldBe(1);
    }

    [Fact]
    public async Task SelfTest_ThatHangs_IsRefusedInTime_AndReportedAsHeldUntilItReturns()
    {
        Behave("self-test hangs");
        PluginOptions options = _sandbox.Options with { SelfTestTimeout = TimeSpan.FromMilliseconds(50), UnloadTimeout = TimeSpan.FromMilliseconds(100) };
        using PluginCatalog catalog = PluginCatalog.Open(options, _log.Sink);

        catalog.List()[0].Reason.ShouldNotBeNull().ShouldContain("the self-test of TestPlugin.MisbehavingMethod did not return within 0.05 s (SelfTestTimeout)");
        PluginEvent held = await _log.WaitFor(PluginEventKind.StillHeld);
        held.Message.ShouldContain("a thread of its own that still runs");
        held.Message.ShouldContain("did not return within");
        catalog.List().Select(p => p.Status).ShouldBe([PluginStatus.StillHeld, PluginStatus.Failed]);

        _gate.Set();
        AppContext.SetData("TestPlugin.Misbehaving.Gate", null);
        await Collected(() => _log.Of(PluginEventKind.Unloaded).Count > 0);
        catalog.List().Select(p => p.Status).ShouldBe([PluginStatus.Failed]);
    }

    [Fact]
    public void NewPlugin_ThatReadsTheTypeOfAnother_IsRefusedNamingBoth_AndServesWhenTheOtherLeaves()
    {
        _sandbox.Put("TestPlugin.Quoter");
        using PluginCatalog catalog = PluginCatalog.Open(_sandbox.Options, _log.Sink);
        string shout = _sandbox.Put("TestPlugin.Shout.V1");
        catalog.Refresh();
        Behave("the type of another");

        string message = Should.Throw<PluginLoadException>(() => catalog.Reload(Name)).Message;
        message.ShouldContain(_sandbox.MainOf(Name));
        message.ShouldContain("peft_type 'SHOUT'");
        message.ShouldContain($"TestPlugin.Shout ({shout})");
        catalog.Current("MISBEHAVING").ShouldNotBeNull();
        catalog.Current("SHOUT")!.Name.ShouldBe("TestPlugin.Shout");

        Directory.Delete(Path.GetDirectoryName(shout)!, recursive: true);
        catalog.Refresh();
        catalog.Current("SHOUT")!.Name.ShouldBe(Name);
        catalog.Current("MISBEHAVING").ShouldBeNull();
        catalog.Current("QUOTER").ShouldNotBeNull();
    }

    [Fact]
    public async Task Unloading_HandlerThatThrows_IsAWarning_AndThePluginLeavesAllTheSame()
    {
        Behave("throws while it is unloaded");
        using PluginCatalog catalog = PluginCatalog.Open(_sandbox.Options, _log.Sink);
        catalog.Reload(Name);

        (await _log.WaitFor(PluginEventKind.Warning)).Message.ShouldContain("InvalidTimeZoneException: leave me alone");
        await _log.WaitFor(PluginEventKind.Unloaded);
    }

    [Fact]
    public async Task Plugin_ThatAnEventOfTheHostKeeps_IsReportedAsHeld()
    {
        Behave("is kept by an event of the host");
        using PluginCatalog catalog = PluginCatalog.Open(_sandbox.Options with { UnloadTimeout = TimeSpan.FromMilliseconds(100) }, _log.Sink);
        Behave(null);
        catalog.Reload(Name);

        PluginEvent held = await _log.WaitFor(PluginEventKind.StillHeld);
        held.Identity!.Generation.ShouldBe(1);
        held.Message.ShouldContain("none of the objects that it handed out is alive");
        PluginInfo info = catalog.List().Single(p => p.Generation == 1);
        info.Status.ShouldBe(PluginStatus.StillHeld);
        info.Reason.ShouldBe(held.Message[(held.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.'));
    }

    [Fact]
    public void Method_ThatReturnsNull_IsATypedError()
    {
        using PluginCatalog catalog = PluginCatalog.Open(_sandbox.Options);
        using IPeftMethodLease lease = catalog.Acquire("MISBEHAVING");

        Should.Throw<PluginFaultException>(() => Using.Load(lease, "x")).Message.ShouldContain("it returned null");
    }

    private static void Behave(string? behaviour) => AppContext.SetData("TestPlugin.Misbehaving", behaviour);

    /// <summary>What is known to be held is not collected by force any more; an ordinary collection has to come.</summary>
    private static Task Collected(Func<bool> condition) => EventLog.Until(
        () =>
        {
            GC.Collect();
            return condition();
        },
        () => "the thread has returned, but its plugin is still in memory");
}
