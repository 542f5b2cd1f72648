using System.Runtime.CompilerServices;
using SkPeft.Testing;

namespace SkPeft.Plugins.Tests;

/// <summary>Whatever stands in PeftPlugins/, as it is deployed. No list: a new method is tried because it is there.</summary>
public class ShippedPluginsTests
{
    [Fact]
    public async Task EveryShippedPlugin_Loads_TestsItself_AndLeavesMemoryWhenItIsReplaced()
    {
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(new PluginOptions { Folders = [TestPlugins.ShippedFolder] }, log.Sink);
        string[] names = [.. catalog.List().Select(p => p.Name)];
        names.Length.ShouldBe(Directory.GetDirectories(Path.Combine(SharedFolder.RepositoryRoot, "PeftPlugins")).Length);
        log.All.Where(e => e.IsWarning).Select(e => e.Message).ShouldBeEmpty();
        catalog.List().ShouldAllBe(p => p.Status == PluginStatus.Active && p.Methods.All(m => m.Description.Length > 0));

        foreach (string name in names)
        {
            catalog.Reload(name).Generation.ShouldBe(2);
        }

        await log.WaitFor(PluginEventKind.Unloaded, names.Length);
        log.Of(PluginEventKind.StillHeld).Select(e => e.Message).ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryShippedPlugin_LeavesMemory_AfterItHasLoadedRealAdapters()
    {
        string root = SharedFolder.PathOf("golden", "tiny");
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(new PluginOptions { Folders = [TestPlugins.ShippedFolder] }, log.Sink);
        int tried = SharedFolder.FoldersIn("golden", "tiny", "adapters", "plain")
            .Count(adapter => TryLoad(catalog, Path.Combine(root, "bases", "plain"), Path.Combine(root, "adapters", "plain", adapter)));
        tried.ShouldBeGreaterThan(10);

        string[] names = [.. catalog.List().Select(p => p.Name)];
        foreach (string name in names)
        {
            catalog.Reload(name);
        }

        await log.WaitFor(PluginEventKind.Unloaded, names.Length);
        log.Of(PluginEventKind.StillHeld).Select(e => e.Message).ShouldBeEmpty();
    }

    /// <summary>Loads an adapter and builds its effects; false where no plugin reads its type (yet).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryLoad(PluginCatalog catalog, string model, string folder)
    {
        // The first task, where an adapter holds several.
        AdapterPackage package = AdapterFolder.Open(folder);
        package = package.Config.TryGetProperty("num_tasks", out _) ? AdapterFolder.Open(folder, task: 0) : package;
        if (catalog.Current(package.PeftType) is null)
        {
            return false;
        }

        ReferenceLlama llama = ReferenceLlama.Open(model);
        using IPeftMethodLease lease = catalog.Acquire(package.PeftType);
        lease.Method.Load(package, llama.Shape).BuildEffects(llama).ShouldNotBeEmpty(folder);
        return true;
    }
}
