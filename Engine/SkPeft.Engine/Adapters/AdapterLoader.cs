using System.Text.Json;
using SkPeft.Tensors.Classification;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Adapters;

/// <summary>Turns an adapter's files into effects sorted for one model. Works beside the engine: it never takes the engine's thread.</summary>
internal sealed class AdapterLoader(IBaseModel model, ModelFingerprintSource fingerprint, IPeftMethodCatalog catalog, AdapterLoaderOptions options) : IAdapterLoader
{
    public async ValueTask<ILoadedAdapter> LoadAsync(AdapterFiles files, CancellationToken cancellationToken = default) =>
        await Task.Run(() => Load(files, cancellationToken), cancellationToken);

    public ILoadedAdapter Compose(IReadOnlyList<WeightedAdapter> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count);
        return AdapterComposer.Compose(parts, fingerprint, model.Shape);
    }

    public bool IsCurrent(ILoadedAdapter adapter) => catalog.Current(adapter.PeftType) == adapter.Plugin;

    private LoadedAdapter Load(AdapterFiles files, CancellationToken cancellation)
    {
        IReadOnlyList<string> warnings = BaseCheck.Compare(files, fingerprint, options.Strict);
        AdapterPackage package = Read(files);
        cancellation.ThrowIfCancellationRequested();
        IPeftMethodLease lease = catalog.Acquire(package.PeftType);
        EffectPlan? plan = null;
        try
        {
            PeftModule module = ClassifierMethod.Around(lease.Method).Load(package, model.Shape);
            CheckTask(files, module);
            string[] matched = [.. module.MatchedModules];
            if (matched.Length == 0)
            {
                throw new AdapterMatchesNothingException(files.Name, "unknown to its method", string.Join(", ", model.Shape.Modules.Take(4).Select(m => m.Name)));
            }

            IReadOnlyList<Effect> effects = Build(module, lease.Plugin, files.Name);
            if (effects.Count == 0)
            {
                throw new AdapterMatchesNothingException(files.Name, string.Join(", ", matched.Take(4)), "no place that they change");
            }

            plan = EffectPlan.Compile(files.Name, Describe(lease.Plugin), effects, model.Shape, Digest(files, lease.Plugin));
            return new LoadedAdapter(
                fingerprint, lease, lease.Plugin, plan, new AdapterFacts(package.PeftType, plan.Bytes + RetainedBytes.Of(effects), matched, warnings));
        }
        catch
        {
            plan?.Dispose();
            lease.Dispose();
            throw;
        }
    }

    // A method for one task never looks at the number, so a wrong one would be served in silence.
    private static void CheckTask(AdapterFiles files, PeftModule module)
    {
        if (files.Task is { } task && (task < 0 || task >= module.Tasks))
        {
            string tasks = module.Tasks == 1 ? "0, or no task id: it was trained on one task" : $"0 to {module.Tasks - 1}";
            throw new InvalidOptionException("task id", $"{task} for adapter '{files.Name}'", tasks);
        }
    }

    // The same files computed by other code may be something else.
    private static string? Digest(AdapterFiles files, PluginIdentity plugin) =>
        files.Digest.Length == 0 ? null : $"{files.Digest} task {files.Task} by {plugin.Name} {plugin.Sha256}";

    private static string Describe(PluginIdentity plugin) => $"{plugin.Name} {plugin.Version} (generation {plugin.Generation})";

    // The method itself is watched over by its lease; what it hands out is not.
    private IReadOnlyList<Effect> Build(PeftModule module, PluginIdentity plugin, string adapter)
    {
        try
        {
            return [.. module.BuildEffects(model)];
        }
        catch (Exception e) when (e is not (SkPeftException or OperationCanceledException or ObjectDisposedException or OutOfMemoryException))
        {
            throw new PluginFaultException(Describe(plugin), $"building the effects of adapter '{adapter}'", $"{e.GetType().Name}: {e.Message}", e.ToString());
        }
    }

    private static AdapterPackage Read(AdapterFiles files)
    {
        using JsonDocument config = JsonFile.Read(files.ConfigPath);
        using SafetensorsFile weights = SafetensorsFile.Open(files.WeightsPath);
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        TensorSlabs slabs = new(weights.Tensors.Values.Select(t => t.ElementCount).Where(c => !TensorSlabs.IsLarge(c)).Sum(), SlabReserve.Shared);
        weights.Populate();
        foreach ((string name, StoredTensor stored) in weights.Tensors)
        {
            if (stored.ElementCount > Array.MaxLength || stored.Shape.Any(e => e > int.MaxValue))
            {
                string shape = string.Join(", ", stored.Shape);
                throw new FileFormatException(files.WeightsPath, $"tensor '{name}' shape", $"[{shape}]", $"at most {Array.MaxLength} elements, and no extent above {int.MaxValue}");
            }

            Tensor tensor = slabs.Take([.. stored.Shape.Select(e => checked((int)e))]);
            stored.CopyTo(tensor.Data);
            tensors.Add(name, tensor);
        }

        return new AdapterPackage(files.Name, config.RootElement.Clone(), tensors) { Task = files.Task };
    }
}
