using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.Json;

namespace SkPeft.Plugins.Tests;

/// <summary>What requests do with a plugin, in methods that leave nothing of it on the stack.</summary>
internal static class Using
{
    private static readonly JsonElement s_config = JsonDocument.Parse("{}").RootElement;

    /// <summary>What the newest SHOUT says: "one" or "two".</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Shout(IPeftMethodCatalog catalog)
    {
        using IPeftMethodLease lease = catalog.Acquire("SHOUT");
        return Say(lease);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Say(IPeftMethodLease lease) => Load(lease, "adapter").MatchedModules[0];

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PeftModule Load(IPeftMethodLease lease, string adapter) => lease.Method.Load(Package(adapter), null!);

    public static AdapterPackage Package(string name) => new(name, s_config, new Dictionary<string, Tensor>());

    /// <summary>The load contexts of a plugin that are in memory.</summary>
    public static int Contexts(string plugin) => AssemblyLoadContext.All.Count(c => c.Name?.StartsWith(plugin + "#", StringComparison.Ordinal) == true);
}
