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
/// <param name="option">The option that names them, for messages.</param>
internal sealed class BenchAdapters(LanguageModel model, IReadOnlyList<string> methods, string option = BenchAdapters.Methods) : IDisposable
{
    /// <summary>The option of most measurements.</summary>
    public const string Methods = "--methods";

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
    public static string[] ReadMethods(string given, string option = Methods) => given.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } names
        ? names
        : throw new UsageException($"{option}: nothing is given, expected one or more methods, for instance lora,prefix.");

    /// <summary>Writes an adapter.</summary>
    /// <param name="index">Which: gives its method and its parameters.</param>
    /// <returns>Its folder.</returns>
    public string Write(int index)
    {
        string method = methods[index % methods.Count];
        string folder = Files.PathOf($"tenant-{index}");
        try
        {
            StartingAdapter.Write(model, Plugins, Package(index), index + 1, 0.02, folder);
            return folder;
        }
        catch (AdapterOptionException e)
        {
            throw new UsageException(
                $"{option}: an adapter of '{method}' cannot be made: {string.Join("; ", e.Problems)}. Give it a configuration that fits: {method.Split('=')[0]}=adapter_config.json.");
        }
    }

    /// <summary>What an adapter is made of, or trained from: its configuration, and no tensors yet.</summary>
    /// <param name="index">Which: gives its method.</param>
    public AdapterPackage Package(int index)
    {
        (string type, JsonObject config) = Read(methods[index % methods.Count]);
        config["peft_type"] = type;
        return new AdapterPackage($"tenant-{index}", JsonSerializer.SerializeToElement(config), new Dictionary<string, Tensor>());
    }

    public void Dispose()
    {
        Plugins.Dispose();
        Files.Dispose();
    }

    private (string Type, JsonObject Config) Read(string method)
    {
        string[] parts = method.Split('=', 2);
        string type = MethodNames.Find(parts[0], Plugins.List(), option);
        return (type, parts.Length == 2 ? ReadFile(parts[1]) : JsonNode.Parse(s_configs.GetValueOrDefault(parts[0], "{}"))!.AsObject());
    }

    private JsonObject ReadFile(string path)
    {
        JsonElement config = JsonInput.Read(path);
        return config.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(config)!
            : throw new UsageException($"{option}: {path} holds {JsonInput.Describe(config)}, expected an adapter_config.json, which is an object.");
    }
}
