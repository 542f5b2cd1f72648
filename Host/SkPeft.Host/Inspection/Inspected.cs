using System.Text.Json;
using SkPeft.Adapters.Store;
using SkPeft.Host.Inputs;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Inspection;

/// <summary>A file or folder with its metadata and tensors.</summary>
internal sealed class Inspected : IDisposable
{
    private readonly ITensorFile _file;

    private Inspected(string path, string format, ITensorFile file) => (Path, Format, _file) = (path, format, file);

    public string Path { get; }

    /// <summary><c>gguf</c>, <c>safetensors</c>, <c>hf-model</c> or <c>hf-adapter</c>.</summary>
    public string Format { get; }

    /// <summary>The GGUF file, where it is one.</summary>
    public GgufFile? Gguf => _file as GgufFile;

    /// <summary>The strings in the header of a safetensors file.</summary>
    public IReadOnlyDictionary<string, string> HeaderStrings => (_file as SafetensorsFile)?.Metadata ?? new Dictionary<string, string>();

    /// <summary>The configuration beside the tensors, where there is one.</summary>
    public JsonElement? Config { get; private init; }

    /// <summary>In the order of their names in a safetensors file, in the file's order in GGUF.</summary>
    public IEnumerable<StoredTensor> Tensors => _file.Tensors.Values;

    public static Inspected Open(string path)
    {
        if (Directory.Exists(path))
        {
            return OpenFolder(path);
        }

        return GgufSignature.IsIn(path)
            ? new Inspected(path, "gguf", GgufFile.Open(path))
            : new Inspected(path, "safetensors", SafetensorsFile.Open(path));
    }

    public void Dispose() => _file.Dispose();

    private static Inspected OpenFolder(string path)
    {
        string adapter = System.IO.Path.Combine(path, AdapterFolder.ConfigName);
        if (File.Exists(adapter))
        {
            JsonElement config = JsonInput.Read(adapter);
            return new Inspected(path, "hf-adapter", SafetensorsFile.Open(System.IO.Path.Combine(path, AdapterFolder.WeightsName))) { Config = config };
        }

        string model = System.IO.Path.Combine(path, "config.json");
        JsonElement? settings = File.Exists(model) ? JsonInput.Read(model) : null;
        return new Inspected(path, "hf-model", HfFolder.OpenWeights(path)) { Config = settings };
    }
}
