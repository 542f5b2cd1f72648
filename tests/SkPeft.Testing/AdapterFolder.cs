using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Testing;

/// <summary>Adapters for tests: read from a folder in Hugging Face's layout, or put together by hand.</summary>
public static class AdapterFolder
{
    public static AdapterPackage Open(string folder)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "adapter_model.safetensors"));
        return Make(File.ReadAllText(Path.Combine(folder, "adapter_config.json")), ReferenceLlama.TensorsOf(file));
    }

    public static AdapterPackage Make(string config, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using JsonDocument document = JsonDocument.Parse(config);
        return new AdapterPackage("hand-made", document.RootElement.Clone(), tensors);
    }
}
