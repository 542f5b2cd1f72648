using SkPeft.Engine.Models;
using SkPeft.Engine.Models.Loading;
using SkPeft.Engine.Models.Saving;
using SkPeft.Engine.Tokenization;
using SkPeft.Engine.Tokenization.Saving;
using SkPeft.Host.Inputs;
using SkPeft.Host.Output;

namespace SkPeft.Host.Conversion;

/// <summary>What a model to be written consists of: the files of a folder, or a configuration and made-up weights.</summary>
internal sealed class ConversionSource : IDisposable
{
    private readonly IWeightSource? _files;

    private ConversionSource(string name, LlamaConfig config, IModelRows rows, GgufVocabulary? vocabulary, IWeightSource? files = null) =>
        (Name, Config, Rows, Vocabulary, _files) = (name, config, rows, vocabulary, files);

    /// <summary>A name for people.</summary>
    public string Name { get; }

    public LlamaConfig Config { get; }

    public IModelRows Rows { get; }

    public GgufVocabulary? Vocabulary { get; }

    /// <param name="path">A folder in Hugging Face's layout, or a config.json.</param>
    /// <param name="seed">The seed of made-up weights: for a config.json, and for nothing else.</param>
    /// <exception cref="UsageException">A seed where there are weights, or none where there are none.</exception>
    public static ConversionSource Open(string path, int? seed)
    {
        if (Directory.Exists(path))
        {
            return seed is null ? OpenFolder(path) : throw new UsageException(
                $"--random: {path} is a folder and has weights. Leave --random out, or name the config.json in it.");
        }

        if (GgufSignature.IsIn(path))
        {
            throw new FileAccessException(path, "this is a GGUF file already",
                "Name a folder with config.json and model.safetensors, or a config.json with --random SEED.");
        }

        LlamaConfig config = LlamaConfigReader.FromHfConfigJson(path);
        return seed is { } value ? MakeUp(path, config, value) : throw new UsageException(
            $"{path} is a configuration without weights. Give --random SEED for random ones, or name the folder that holds it and model.safetensors.");
    }

    public void Dispose() => _files?.Dispose();

    private static ConversionSource OpenFolder(string folder)
    {
        IWeightSource files = WeightSource.Open(folder);
        try
        {
            string tokenizer = Path.Combine(folder, "tokenizer.json");
            GgufVocabulary? vocabulary = File.Exists(tokenizer)
                ? GgufVocabularyConverter.FromJsonFile(tokenizer, files.Config.Sizes.VocabularySize)
                : null;
            string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
            return new ConversionSource(name, files.Config, new StoredRows(files), vocabulary, files);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static ConversionSource MakeUp(string path, LlamaConfig config, int seed) => new(
        $"random weights, seed {seed}", config, new RandomRows(config.Sizes, seed),
        ByteVocabulary.Of(path, config.Sizes.VocabularySize, config.BosTokenId, config.EosTokenIds));
}
