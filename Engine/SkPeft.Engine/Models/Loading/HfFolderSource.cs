using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Loading;

/// <summary>A folder with config.json and safetensors, whole or in shards.</summary>
internal sealed class HfFolderSource : IWeightSource
{
    private const string Head = "lm_head.weight";
    private const string Embedding = "model.embed_tokens.weight";

    private readonly ITensorFile _file;
    private readonly Dictionary<string, StoredTensor> _tensors;

    private HfFolderSource(string folder, LlamaConfig config, ITensorFile file)
    {
        (Path, Config, _file) = (folder, config, file);

        // Older checkpoints carry the rotary frequencies as buffers; they are computed from the configuration.
        _tensors = file.Tensors.Where(pair => !pair.Key.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
        if (config.Sizes.TiedEmbeddings && _tensors.Remove(Head, out StoredTensor? head))
        {
            RequireSame(head, _tensors.GetValueOrDefault(Embedding));
        }

        WeightCheck.Run(folder, config, _tensors, name => name);
    }

    public string Path { get; }

    public LlamaConfig Config { get; }

    public RopeLayout RopeLayout => RopeLayout.RotateHalf;

    public GgufFile? Gguf => null;

    public static HfFolderSource Open(string folder)
    {
        string configPath = System.IO.Path.Combine(folder, "config.json");
        if (!File.Exists(configPath))
        {
            throw new FileAccessException(folder, "there is no config.json in this folder",
                "Name a folder in Hugging Face's layout, or a GGUF file.");
        }

        LlamaConfig config = WithGenerationConfig(folder, LlamaConfigReader.FromHfConfigJson(configPath));
        ITensorFile file = HfFolder.OpenWeights(folder);
        try
        {
            return new HfFolderSource(folder, config, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public StoredTensor? Find(string hfName) => _tensors.GetValueOrDefault(hfName);

    public void Dispose() => _file.Dispose();

    // As in transformers, generation_config.json has the last word on what ends an answer (a chat model's <|im_end|>).
    private static LlamaConfig WithGenerationConfig(string folder, LlamaConfig config)
    {
        string path = System.IO.Path.Combine(folder, "generation_config.json");
        if (!File.Exists(path))
        {
            return config;
        }

        using ConfigJson json = ConfigJson.Open(path);
        return HfConfigReader.ReadEos(json, config.Sizes) is { } eos ? config with { EosTokenIds = eos } : config;
    }

    private static void RequireSame(StoredTensor head, StoredTensor? embedding)
    {
        bool same = embedding is not null && head.Type == embedding.Type && head.Shape.SequenceEqual(embedding.Shape);
        for (long row = 0; same && row < head.RowCount; row++)
        {
            same = head.RowBytes(row).SequenceEqual(embedding!.RowBytes(row));
        }

        if (!same)
        {
            throw new FileFormatException(head.File, $"tensor '{Head}'", "a head that differs from model.embed_tokens.weight",
                "the same values, or none: config.json says tie_word_embeddings");
        }
    }
}
