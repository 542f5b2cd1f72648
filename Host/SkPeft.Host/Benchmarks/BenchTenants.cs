using SkPeft.Engine;

namespace SkPeft.Host.Benchmarks;

/// <summary>Adapters in memory to measure with, one a tenant.</summary>
internal sealed class BenchTenants : IDisposable
{
    private readonly List<ILoadedAdapter> _adapters = [];

    public IReadOnlyList<ILoadedAdapter> Adapters => _adapters;

    /// <summary>Writes and loads the adapters.</summary>
    /// <param name="model">The base.</param>
    /// <param name="files">Writes them.</param>
    /// <param name="count">How many tenants.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<BenchTenants> LoadAsync(LanguageModel model, BenchAdapters files, int count, CancellationToken cancellation)
    {
        BenchTenants tenants = new();
        try
        {
            IAdapterLoader loader = model.CreateAdapterLoader(files.Plugins);
            for (int i = 0; i < count; i++)
            {
                string folder = files.Write(i);
                tenants._adapters.Add(await loader.LoadAsync(
                    new AdapterFiles($"tenant-{i}", "", Path.Combine(folder, "adapter_config.json"), Path.Combine(folder, "adapter_model.safetensors"), null), cancellation));
            }

            return tenants;
        }
        catch
        {
            tenants.Dispose();
            throw;
        }
    }

    public void Dispose() => _adapters.ForEach(a => a.Dispose());
}
