using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Adapters.Store;
using SkPeft.Host.Inputs;
using SkPeft.Host.Output;
using SkPeft.Plugins;
using SkPeft.Tensors.Formats;
using SkPeft.Training;

namespace SkPeft.Host.Training;

/// <summary>Reads which adapter is to be trained: method, configuration, frozen tensors, start.</summary>
internal static class AdapterOptions
{
    /// <param name="options">The options.</param>
    /// <param name="plugins">The methods that there are.</param>
    /// <param name="model">The model, as the user named it.</param>
    /// <param name="folder">Where the adapter goes.</param>
    /// <param name="learning">How it learns, where the options say nothing.</param>
    public static AdapterPlan Read(OptionBag options, IReadOnlyList<PluginInfo> plugins, string model, string folder, LearningSettings learning)
    {
        string name = options.Text("name") ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        JsonObject config = Config(options, out string? beside);
        string? method = options.Text("method");
        string? given = config["peft_type"] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        string type = MethodNames.Find(method ?? given ?? throw new UsageException("--method NAME is required, or a --config with a peft_type."), plugins);
        if (method is not null && given is not null && !string.Equals(type, given, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--method is {method} ({type}), --config has peft_type {given}: give one of the two.");
        }

        config["peft_type"] = type;
        config["base_model_name_or_path"] ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(model));
        return new AdapterPlan
        {
            Package = new AdapterPackage(name, JsonSerializer.SerializeToElement(config), beside is null ? new Dictionary<string, Tensor>() : Tensors(beside)),
            Initial = options.Text("init") is { } init ? Tensors(init) : null,
            Start = options.Raw("start"),
            Learning = LearningOptions.Read(options, learning),
            Folder = folder,
        };
    }

    private static JsonObject Config(OptionBag options, out string? beside)
    {
        beside = null;
        if (options.Value("config") is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return JsonObject.Create(value)!;
        }

        string path = options.Text("config")!;
        string file = Directory.Exists(path) ? Path.Combine(path, AdapterFolder.ConfigName) : path;
        JsonElement read = JsonInput.Read(file);
        string weights = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, AdapterFolder.WeightsName);
        beside = File.Exists(weights) ? weights : null;
        return read.ValueKind == JsonValueKind.Object ? JsonObject.Create(read)! : throw new FileFormatException(file, "content", JsonInput.Describe(read), "an object");
    }

    private static Dictionary<string, Tensor> Tensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach ((string name, StoredTensor stored) in file.Tensors)
        {
            Tensor tensor = new([.. stored.Shape.Select(e => checked((int)e))]);
            stored.CopyTo(tensor.Data);
            tensors.Add(name, tensor);
        }

        return tensors;
    }
}
