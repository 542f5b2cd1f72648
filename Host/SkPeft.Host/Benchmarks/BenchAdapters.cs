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

/// <summary>Writes adapters to measure with: methods in turn, each with parameters of its own.</summary>
/// <param name="model">The base.</param>
/// <param name="methods">Methods, used in turn: a name, or <c>name=adapter_config.json</c>.</param>
internal sealed class BenchAdapters(LanguageModel model, IReadOnlyList<string> methods) : IDisposable
{
    // What is measured by default; any method can be measured, with its own defaults.
    private static readonly Dictionary<string, string> s_configs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lora"] = """{ "r": 8, "lora_alpha": 16, "target_modules": "all-linear" }""",
        ["prefix"] = """{ "num_virtual_tokens": 10 }""",
        ["prompt"] = """{ "num_virtual_tokens": 20 }""",
        ["iapt"] = """{ "num_virtual_tokens": 4, "bottleneck": 64 }""",
    };

    /// <summary>The plugins that made them, to load them with.</summary>
    public PluginCatalog Plugins { get; } = PluginFolder.Open();

    /// <summary>A folder for what a measurement writes; gone at its end.</summary>
    public DemoFolder Files { get; } = new();

    /// <summary>Reads the methods of <c>--methods</c>.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string[] ReadMethods(string option) => option.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } names
        ? names
        : throw new UsageException("--methods: nothing is given, expected one or more methods, for instance lora,prefix.");

    /// <summary>Writes an adapter.</summary>
    /// <param name="index">Which: gives its method and its parameters.</param>
    /// <returns>Its folder.</returns>
    public string Write(int index)
    {
        (string type, JsonObject config) = Read(methods[index % methods.Count], Plugins.List());
        config["peft_type"] = type;
        string folder = Files.PathOf($"tenant-{index}");
        StartingAdapter.Write(
            model, Plugins, new AdapterPackage($"tenant-{index}", JsonSerializer.SerializeToElement(config), new Dictionary<string, Tensor>()), index + 1, 0.02, folder);
        return folder;
    }

    public void Dispose()
    {
        Plugins.Dispose();
        Files.Dispose();
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
