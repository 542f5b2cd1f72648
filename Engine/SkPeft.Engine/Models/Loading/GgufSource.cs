using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Loading;

/// <summary>A GGUF file of architecture llama.</summary>
internal sealed class GgufSource : IWeightSource
{
    private readonly GgufFile _file;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    private GgufSource(GgufFile file)
    {
        _file = file;
        Config = LlamaConfigReader.FromGguf(file);
        foreach ((string name, StoredTensor tensor) in file.Tensors)
        {
            if (!GgufNames.IsRotaryBuffer(name))
            {
                _tensors.Add(GgufNames.ToHf(name) ?? name, tensor);
            }
        }

        WeightCheck.Run(file.Path, Config, _tensors, GgufNames.FromHf);
    }

    public string Path => _file.Path;

    public LlamaConfig Config { get; }

    public RopeLayout RopeLayout => RopeLayout.Interleaved;

    public GgufFile? Gguf => _file;

    public static GgufSource Open(string path)
    {
        GgufFile file = GgufFile.Open(path);
        try
        {
            return new GgufSource(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public StoredTensor? Find(string hfName) => _tensors.GetValueOrDefault(hfName);

    public void Dispose() => _file.Dispose();
}
