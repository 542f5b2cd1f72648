namespace SkPeft.Plugins.Tests;

public class PluginReloadTests
{
    private const string Shout = PluginSandbox.Shout;

    [Fact]
    public void Refresh_NewVersion_ServesNewRequests_WhileOldOnesFinishOnTheOld()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);
        using IPeftMethodLease old = catalog.Acquire("SHOUT");

        sandbox.Put("TestPlugin.Shout.V2");
        catalog.Refresh();

        Using.Shout(catalog).ShouldBe("two");
        Using.Say(old).ShouldBe("one");
        old.Plugin.Version.ShouldBe("1.0.0.0");
        catalog.Current("SHOUT")!.Generation.ShouldBe(2);
        catalog.List().Select(p => (p.Status, p.Version, p.Leases)).ShouldBe([(PluginStatus.Active, "2.0.0.0", 0), (PluginStatus.Draining, "1.0.0.0", 1)]);
        log.Single(PluginEventKind.Reloaded).Message.ShouldContain("takes the place of 1.0.0.0");
    }

    [Fact]
    public void Refresh_NothingChanged_LoadsNothing()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        sandbox.Put("TestPlugin.Shout.V1");
        catalog.Refresh();
        catalog.Current("SHOUT")!.Generation.ShouldBe(1);
    }

    [Fact]
    public void Reload_UnchangedFile_IsAnotherGeneration()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        catalog.Reload(Shout).Generation.ShouldBe(2);
        Using.Shout(catalog).ShouldBe("one");
    }

    [Fact]
    public void Reload_UnknownPlugin_NamesThoseThatThereAre()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        Should.Throw<PluginLoadException>(() => catalog.Reload("TestPlugin.Whisper")).Message.ShouldContain(Shout);
    }

    [Fact]
    public void Refresh_BrokenFile_LeavesTheOldInPlaceAndSaysWhy_AndIsNotTriedAgainUntilItChanges()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);

        byte[] whole = TestPlugins.BytesOf("TestPlugin.Shout.V2");
        PluginSandbox.Write(main, whole[..(whole.Length - 300)]);
        catalog.Refresh();
        catalog.Refresh();

        Using.Shout(catalog).ShouldBe("one");
        PluginEvent refused = log.Single(PluginEventKind.Refused);
        refused.Message.ShouldContain("truncated");
        refused.Message.ShouldContain("1.0.0.0");
        catalog.List().Select(p => p.Status).ShouldBe([PluginStatus.Active, PluginStatus.Failed]);
        catalog.List()[1].Reason.ShouldNotBeNull().ShouldContain("truncated");
        Should.Throw<PluginLoadException>(() => catalog.Reload(Shout)).Message.ShouldContain("truncated");

        PluginSandbox.Write(main, whole);
        catalog.Refresh();
        Using.Shout(catalog).ShouldBe("two");
        catalog.List().ShouldAllBe(p => p.Status != PluginStatus.Failed);
    }

    [Fact]
    public void Refresh_BrokenFilePutBackAsItWas_ClearsTheFailureWithoutALoad()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);
        PluginSandbox.Write(main, [1, 2, 3]);
        catalog.Refresh();
        catalog.List().Count.ShouldBe(2);

        sandbox.Put("TestPlugin.Shout.V1");
        catalog.Refresh();
        catalog.List().ShouldHaveSingleItem().Generation.ShouldBe(1);
    }

    [Fact]
    public void Refresh_RemovedFolder_WithdrawsTheMethod_WhileRunningRequestsFinish()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);
        using IPeftMethodLease running = catalog.Acquire("SHOUT");

        Directory.Delete(sandbox.FolderOf(Shout), recursive: true);
        catalog.Refresh();

        Should.Throw<MethodNotFoundException>(() => catalog.Acquire("SHOUT"));
        Using.Say(running).ShouldBe("one");
        log.Single(PluginEventKind.Withdrawn).Message.ShouldContain("SHOUT");
        catalog.List().ShouldHaveSingleItem().Status.ShouldBe(PluginStatus.Draining);

        sandbox.Put("TestPlugin.Shout.V2");
        catalog.Refresh();
        Using.Shout(catalog).ShouldBe("two");
        catalog.Current("SHOUT")!.Generation.ShouldBe(2);
    }

    [Fact]
    public void Refresh_SamePluginInTwoFolders_TheFirstServesAndTheOtherIsNamed_UntilTheFirstLeaves()
    {
        using PluginSandbox first = new();
        using PluginSandbox second = new();
        first.Put("TestPlugin.Shout.V1");
        second.Put("TestPlugin.Shout.V2");
        using PluginCatalog catalog = PluginCatalog.Open(new PluginOptions { Folders = [first.Root, second.Root, first.Root] });

        Using.Shout(catalog).ShouldBe("one");
        catalog.List().Single(p => p.Status == PluginStatus.Failed).Reason.ShouldNotBeNull().ShouldContain(first.FolderOf(Shout));

        Directory.Delete(first.FolderOf(Shout), recursive: true);
        catalog.Refresh();
        Using.Shout(catalog).ShouldBe("two");
        catalog.List().ShouldAllBe(p => p.Status != PluginStatus.Failed);
    }
}
