using System.Security.Cryptography;

namespace SkPeft.Plugins.Tests;

public class AllowListTests
{
    private static string DigestOf(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    [Fact]
    public void Enforce_UnlistedFile_IsRefusedWithItsDigest()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options with { AllowList = AllowListMode.Enforce, AllowedSha256 = [new string('0', 64)] });

        PluginInfo info = catalog.List().ShouldHaveSingleItem();
        info.Status.ShouldBe(PluginStatus.Failed);
        info.AllowList.ShouldBe(AllowListVerdict.NotListed);
        info.Reason.ShouldNotBeNull().ShouldContain($"TestPlugin.Shout.dll (SHA-256 {DigestOf(main)})");
        Using.Contexts(PluginSandbox.Shout).ShouldBe(0);
    }

    [Fact]
    public void Enforce_ListedFile_IsLoaded_AndANewVersionIsNot()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        string written = "  SHA256:" + DigestOf(main).ToUpperInvariant();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options with { AllowList = AllowListMode.Enforce, AllowedSha256 = [written] });
        catalog.List().ShouldHaveSingleItem().AllowList.ShouldBe(AllowListVerdict.Allowed);

        sandbox.Put("TestPlugin.Shout.V2");
        catalog.Refresh();
        Using.Shout(catalog).ShouldBe("one");
        catalog.List()[1].AllowList.ShouldBe(AllowListVerdict.NotListed);
    }

    [Fact]
    public void Enforce_UnlistedDependency_IsRefused()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Quoter");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options with { AllowList = AllowListMode.Enforce, AllowedSha256 = [DigestOf(main)] });

        catalog.List().ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldContain("does not name TestPlugin.Words.dll");
    }

    [Fact]
    public void Warn_UnlistedFile_IsLoadedWithAWarning()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options with { AllowList = AllowListMode.Warn }, log.Sink);

        Using.Shout(catalog).ShouldBe("one");
        log.Single(PluginEventKind.Warning).Message.ShouldContain(DigestOf(main));
        catalog.List().ShouldHaveSingleItem().AllowList.ShouldBe(AllowListVerdict.NotListed);
    }
}
