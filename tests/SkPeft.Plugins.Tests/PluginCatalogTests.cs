using System.Security.Cryptography;

namespace SkPeft.Plugins.Tests;

public class PluginCatalogTests
{
    [Fact]
    public void Open_FolderWithAPlugin_OffersItsMethodWithFullIdentity()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);

        Using.Shout(catalog).ShouldBe("one");
        PluginIdentity identity = catalog.Current("SHOUT").ShouldNotBeNull();
        identity.ShouldBe(new PluginIdentity("TestPlugin.Shout", "1.0.0.0", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(main))), 1));
        log.Single(PluginEventKind.Loaded).Identity.ShouldBe(identity);
        log.All.ShouldAllBe(e => !e.IsWarning);
        PluginInfo info = catalog.List().ShouldHaveSingleItem();
        info.Status.ShouldBe(PluginStatus.Active);
        info.Path.ShouldBe(main);
        info.Methods.ShouldBe([new PluginMethodInfo("SHOUT", "shouts 'one'")]);
        info.AllowList.ShouldBe(AllowListVerdict.NotChecked);
        info.Reason.ShouldBeNull();
    }

    [Fact]
    public void Acquire_IsCountedUntilDisposed_AndASecondDisposalCountsNothing()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        IPeftMethodLease first = catalog.Acquire("SHOUT");
        IPeftMethodLease second = catalog.Acquire("shout");
        catalog.List()[0].Leases.ShouldBe(2);
        first.Dispose();
        first.Dispose();
        catalog.List()[0].Leases.ShouldBe(1);
        second.Dispose();
        catalog.List()[0].Leases.ShouldBe(0);
    }

    [Fact]
    public void Acquire_MethodKeptBeyondItsLease_IsRefused()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);
        IPeftMethodLease lease = catalog.Acquire("SHOUT");
        IPeftMethod kept = lease.Method;
        lease.Dispose();

        Should.Throw<ObjectDisposedException>(() => lease.Method);
        Should.Throw<ObjectDisposedException>(() => kept.Load(Using.Package("late"), null!));
    }

    [Fact]
    public void Acquire_UnknownType_NamesWhatThereIsAndWhatFailed()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        sandbox.Put("TestPlugin.WrongContract");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        string message = Should.Throw<MethodNotFoundException>(() => catalog.Acquire("EAGER")).Message;
        message.ShouldContain("'EAGER'");
        message.ShouldContain("SHOUT");
        message.ShouldContain("TestPlugin.WrongContract was not loaded");
        catalog.Current("EAGER").ShouldBeNull();
    }

    [Fact]
    public void Open_FolderDoesNotExist_WarnsAndSaysWhereItLooked()
    {
        string folder = Path.Combine(Path.GetTempPath(), "skpeft-no-such-folder-" + Guid.NewGuid());
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(new PluginOptions { Folders = [folder] }, log.Sink);

        log.Single(PluginEventKind.Warning).Message.ShouldContain(folder);
        catalog.List().ShouldBeEmpty();
        Should.Throw<MethodNotFoundException>(() => catalog.Acquire("LORA")).Message.ShouldContain(folder);
    }

    [Fact]
    public void Open_AssemblyDirectlyInTheFolder_SaysWhereItBelongs()
    {
        using PluginSandbox sandbox = new();
        PluginSandbox.Write(Path.Combine(sandbox.Root, "Stray.dll"), TestPlugins.BytesOf("TestPlugin.Shout.V1"));
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);

        log.Single(PluginEventKind.Warning).Message.ShouldContain(Path.Combine(sandbox.Root, "Stray", "Stray.dll"));
        catalog.List().ShouldBeEmpty();
    }

    [Fact]
    public void Open_IllegalOptions_AreRefusedByName()
    {
        Should.Throw<InvalidOptionException>(() => PluginCatalog.Open(new PluginOptions { Debounce = TimeSpan.FromSeconds(-1) })).Option.ShouldBe("Debounce");
        Should.Throw<InvalidOptionException>(() => PluginCatalog.Open(new PluginOptions { SelfTestTimeout = TimeSpan.Zero })).Option.ShouldBe("SelfTestTimeout");
        Should.Throw<InvalidOptionException>(() => PluginCatalog.Open(new PluginOptions { Folders = [" "] })).Option.ShouldBe("Folders");
        Should.Throw<InvalidOptionException>(() => PluginCatalog.Open(new PluginOptions { AllowedSha256 = ["abc"] })).Option.ShouldBe("AllowedSha256");
    }

    [Fact]
    public void Dispose_OffersNothingAnyMore_ButLeasesRunOn()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);
        using IPeftMethodLease lease = catalog.Acquire("SHOUT");
        catalog.Dispose();
        catalog.Dispose();

        Using.Say(lease).ShouldBe("one");
        Should.Throw<ObjectDisposedException>(() => catalog.Acquire("SHOUT"));
        Should.Throw<ObjectDisposedException>(catalog.Refresh);
    }

    [Fact]
    public void Sink_ThatThrows_DisturbsNothing()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, _ => throw new InvalidOperationException("log is full"));

        Using.Shout(catalog).ShouldBe("one");
    }

    [Fact]
    public void Method_ThatThrowsOutsideOfTheContract_BecomesATypedErrorThatNamesThePlugin()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);
        using IPeftMethodLease lease = catalog.Acquire("SHOUT");

        PluginFaultException error = Should.Throw<PluginFaultException>(() => Using.Load(lease, "bad@2"));
        error.Message.ShouldContain("TestPlugin.Shout 1.0.0.0");
        error.Message.ShouldContain("bad@2");
        error.Message.ShouldContain("InvalidTimeZoneException: no such time");
        error.Detail.ShouldContain("ShoutMethod.Load");
    }

    [Fact]
    public void Files_AreNotLocked_TheyCanBeOverwrittenAndDeletedWhileLoaded()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);
        using IPeftMethodLease lease = catalog.Acquire("SHOUT");

        using (FileStream exclusive = new(main, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            exclusive.SetLength(0);
        }

        File.Delete(main);
        Using.Say(lease).ShouldBe("one");
        if (OperatingSystem.IsLinux())
        {
            File.ReadAllText("/proc/self/maps").ShouldNotContain(sandbox.Root);
        }
    }
}
