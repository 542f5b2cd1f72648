namespace SkPeft.Plugins.Tests;

public class PluginDependencyTests
{
    [Fact]
    public void TwoPlugins_WithTwoVersionsOfOneLibrary_EachGetTheirOwn()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Quoter");
        sandbox.Put("TestPlugin.Echoer");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        catalog.List().Select(p => p.Methods.Single().Description).ShouldBe(["words of version 2", "words of version 1"]);
    }

    [Fact]
    public void ChangedDependency_IsAChangeOfThePlugin()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Quoter");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);

        // Version 2 has not the method that version 1 had: the new generation cannot work, the old one still does.
        PluginSandbox.Write(Path.Combine(Path.GetDirectoryName(main)!, "TestPlugin.Words.dll"), TestPlugins.BytesOf("TestPlugin.Words.V2"));
        catalog.Refresh();

        log.Single(PluginEventKind.Refused).Message.ShouldContain("MissingMethodException");
        catalog.Current("QUOTER")!.Generation.ShouldBe(1);
    }

    [Fact]
    public void OlderDependencyThanReferenced_IsRefusedNamingBothVersions()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Echoer");
        PluginSandbox.Write(Path.Combine(Path.GetDirectoryName(main)!, "TestPlugin.Words.dll"), TestPlugins.BytesOf("TestPlugin.Words.V1"));
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        string reason = catalog.List().ShouldHaveSingleItem().Reason.ShouldNotBeNull();
        reason.ShouldContain("1.0.0.0");
        reason.ShouldContain("2.0.0.0");
    }

    [Fact]
    public void MissingDependency_IsNamedBeforeAnythingRuns()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Quoter");
        File.Delete(Path.Combine(Path.GetDirectoryName(main)!, "TestPlugin.Words.dll"));
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        catalog.List().ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldContain("needs TestPlugin.Words 1.0.0.0, which is neither in its folder");
    }

    [Fact]
    public void HalfWrittenDependency_IsRefusedBeforeAnythingRuns()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Quoter");
        PluginSandbox.Write(Path.Combine(Path.GetDirectoryName(main)!, "TestPlugin.Words.dll"), TestPlugins.BytesOf("TestPlugin.Words.V1")[..2000]);
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        catalog.List().ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldMatch("TestPlugin.Words.dll .*is truncated");
    }

    [Fact]
    public void HostsOwnAssemblies_AreNotOffered_AndTheContractIs()
    {
        SharedAssemblies.IsContract("SkPeft.Abstractions").ShouldBeTrue();
        SharedAssemblies.IsContract("SkPeft.Tensors").ShouldBeTrue();
        SharedAssemblies.IsHostOnly("SkPeft.Engine").ShouldBeTrue();
        SharedAssemblies.IsHostOnly("skpeft").ShouldBeTrue();
        SharedAssemblies.IsHostOnly("SkPeft.Peft.Lora").ShouldBeFalse();
        SharedAssemblies.IsFramework("System.Text.Json").ShouldBeTrue();
        SharedAssemblies.IsFramework("SkPeft.Plugins").ShouldBeFalse();
        SharedAssemblies.IsInApplication("Shouldly").ShouldBeTrue();
    }
}
