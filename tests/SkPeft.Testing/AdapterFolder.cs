using System.Security.Cryptography;
using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Testing;

/// <summary>Adapters for tests: read from a folder in Hugging Face's layout, or put together by hand.</summary>
public static class AdapterFolder
{
    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="task">The task that a multitask adapter is to serve.</param>
    public static AdapterPackage Open(string folder, int? task = null)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "adapter_model.safetensors"));
        return Make(File.ReadAllText(Path.Combine(folder, "adapter_config.json")), ReferenceLlama.TensorsOf(file), task);
    }

    public static AdapterPackage Make(string config, IReadOnlyDictionary<string, Tensor> tensors, int? task = null)
    {
        using JsonDocument document = JsonDocument.Parse(config);
        return new AdapterPackage("hand-made", document.RootElement.Clone(), tensors) { Task = task };
    }

    /// <summary>Writes an adapter's two files into a folder.</summary>
    public static AdapterFiles Write(string folder, string config, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Directory.CreateDirectory(folder);
        string configPath = Path.Combine(folder, "adapter_config.json");
        string weightsPath = Path.Combine(folder, "adapter_model.safetensors");
        File.WriteAllText(configPath, config);
        SafetensorsWriter.Write(weightsPath, tensors.Select(t => SafetensorsEntry.Of(t.Key, t.Value.Shape.ToArray(), t.Value.Data.ToArray())));
        string digest = Convert.ToHexString(SHA256.HashData([.. File.ReadAllBytes(configPath), .. File.ReadAllBytes(weightsPath)]));
        return new AdapterFiles("hand-made", digest, configPath, weightsPath, null);
    }
}
