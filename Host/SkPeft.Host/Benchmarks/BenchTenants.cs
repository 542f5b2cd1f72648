using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Engine;
using SkPeft.Host.Demo;
using SkPeft.Host.Inputs;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Host.Training;
using SkPeft.Plugins;
using SkPeft.Training;

namespace SkPeft.Host.Benchmarks;

/// <summary>Adapters to measure with: methods in turn, every tenant's with parameters of its own.</summary>
internal sealed class BenchTenants : IDisposable
{
    // What is measured by default; any method can be measured, with its own defaults.
    private static readonly Dictionary<string, string> s_configs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lora"] = """{ "r": 8, "lora_alpha": 16, "target_modules": "all-linear" }""",
        ["prefix"] = """{ "num_virtual_tokens": 10 }""",
        ["prompt"] = """{ "num_virtual_tokens": 20 }""",
        ["iapt"] = """{ "num_virtual_tokens": 4, "bottleneck": 64 }""",
    };

    private readonly DemoFolder _files = new();
    private readonly PluginCatalog _plugins = PluginFolder.Open();
    private readonly List<ILoadedAdapter> _adapters = [];

    private BenchTenants()
    {
    }

    public IReadOnlyList<ILoadedAdapter> Adapters => _adapters;

    /// <summary>Writes and loads the adapters.</summary>
    /// <param name="model">The base.</param>
    /// <param name="methods">Methods, used in turn: a name, or <c>name=adapter_config.json</c>.</param>
    /// <param name="count">How many tenants.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<BenchTenants> CreateAsync(LanguageModel model, IReadOnlyList<string> methods, int count, CancellationToken cancellation)
    {
        BenchTenants tenants = new();
        try
        {
            IAdapterLoader loader = model.CreateAdapterLoader(tenants._plugins);
            for (int i = 0; i < count; i++)
            {
                (string type, JsonObject config) = Read(methods[i % methods.Count], tenants._plugins.List());
                config["peft_type"] = type;
                string folder = tenants._files.PathOf($"tenant-{i}");
                StartingAdapter.Write(
                    model, tenants._plugins, new AdapterPackage($"tenant-{i}", JsonSerializer.SerializeToElement(config), new Dictionary<string, Tensor>()), i + 1, 0.02, folder);
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

    public void Dispose()
    {
        _adapters.ForEach(a => a.Dispose());
        _plugins.Dispose();
        _files.Dispose();
    }

    private static (string Type, JsonObject Config) Read(string method, IReadOnlyList<PluginInfo> plugins)
    {
        string[] parts = method.Split('=', 2);
        string type = MethodNames.Find(parts[0], plugins);
        return (type, parts.Length == 2 ? ReadFile(parts[1]) : JsonNode.Parse(s_configs.GetValueOrDefault(parts[0], "{}"))!.AsObject());
    }

    private static JsonObject ReadFile(string path)
    {
        JsonElement config = JsonInput.Read(path);
        return config.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(config)!
            : throw new UsageException($"--methods: {path} holds {JsonInput.Describe(config)}, expected an adapter_config.json, which is an object.");
    }
}
