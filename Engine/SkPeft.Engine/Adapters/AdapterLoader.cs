using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Adapters;

/// <summary>Turns an adapter's files into effects sorted for one model. Works beside the engine: it never takes the engine's thread.</summary>
internal sealed class AdapterLoader(IBaseModel model, ModelFingerprintSource fingerprint, IPeftMethodCatalog catalog, AdapterLoaderOptions options) : IAdapterLoader
{
    public async ValueTask<ILoadedAdapter> LoadAsync(AdapterFiles files, CancellationToken cancellationToken = default) =>
        await Task.Run(() => Load(files, cancellationToken), cancellationToken);

    public bool IsCurrent(ILoadedAdapter adapter) => catalog.Current(adapter.PeftType) == adapter.Plugin;

    private LoadedAdapter Load(AdapterFiles files, CancellationToken cancellation)
    {
        IReadOnlyList<string> warnings = BaseCheck.Compare(files, fingerprint, options.Strict);
        AdapterPackage package = Read(files);
        cancellation.ThrowIfCancellationRequested();
        IPeftMethodLease lease = catalog.Acquire(package.PeftType);
        try
        {
            PeftModule module = lease.Method.Load(package, model.Shape);
            if (module.MatchedModules.Count == 0)
            {
                throw new AdapterMatchesNothingException(files.Name, "unknown to its method", string.Join(", ", model.Shape.Modules.Take(4).Select(m => m.Name)));
            }

            IReadOnlyList<Effect> effects = module.BuildEffects(model);
            if (effects.Count == 0)
            {
                throw new AdapterMatchesNothingException(files.Name, string.Join(", ", module.MatchedModules.Take(4)), "no place that they change");
            }

            EffectPlan plan = EffectPlan.Compile(files.Name, effects, model.Shape);
            long bytes = plan.Bytes + package.Tensors.Values.Sum(t => (long)t.Length * sizeof(float));
            return new LoadedAdapter(fingerprint, lease, package.PeftType, plan, bytes, [.. module.MatchedModules], warnings);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private static AdapterPackage Read(AdapterFiles files)
    {
        using JsonDocument config = JsonFile.Read(files.ConfigPath);
        using SafetensorsFile weights = SafetensorsFile.Open(files.WeightsPath);
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach ((string name, StoredTensor stored) in weights.Tensors)
        {
            if (stored.ElementCount > int.MaxValue)
            {
                throw new FileFormatException(files.WeightsPath, $"tensor '{name}' size", $"{stored.ElementCount} elements", "at most 2147483647");
            }

            Tensor tensor = new([.. stored.Shape.Select(e => checked((int)e))]);
            stored.CopyTo(tensor.Data);
            tensors.Add(name, tensor);
        }

        return new AdapterPackage(files.Name, config.RootElement.Clone(), tensors);
    }
}
