using SkPeft.Engine.Adapters;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Models;
using SkPeft.Engine.Models.Llama;
using SkPeft.Engine.Models.Loading;
using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Engine;

/// <summary>A LLaMA-style model, opened once: frozen weights, tokenizer, chat template, and the engine that runs requests on it.</summary>
/// <remarks>Safe for concurrent use. Dispose it after the last request.</remarks>
public sealed class LanguageModel : IDisposable
{
    private readonly IWeightSource _source;
    private readonly OpenModelFiles _files;
    private readonly LlamaWeights _weights;
    private readonly ModelRuntime _runtime;
    private readonly ModelFingerprintSource _fingerprint;
    private readonly BaseModel _base;
    private readonly Lazy<ChatTemplate?> _template;
    private int _closed;

    private LanguageModel(IWeightSource source, LanguageModelOptions options)
    {
        int context = CheckContext(options.ContextLength, source.Config.MaxPositions);
        int threads = CheckThreads(options.Threads);
        _source = source;
        Options = options;
        Tokenizer = ModelTokenizer.Load(source);
        _files = new OpenModelFiles(source);
        _base = new BaseModel(_files);
        _fingerprint = new ModelFingerprintSource(() => _files.Read(files => ModelFingerprints.Of(files, Tokenizer)));
        _template = new Lazy<ChatTemplate?>(() => ChatTemplateText is { } text ? ChatTemplate.Parse(text, $"chat template of {source.Path}") : null);
        _weights = LlamaWeights.Load(source);
        try
        {
            _runtime = new ModelRuntime(_weights, threads, options.InstructionSet, options.HalfCache, options.Scheduler);
        }
        catch
        {
            _weights.Dispose();
            throw;
        }

        IReadOnlySet<int> ends = Tokenizer?.EndOfGenerationIds ?? new HashSet<int>(source.Config.EosTokenIds);
        Engine = new InferenceEngine(_runtime, Tokenizer, options.Precision, _fingerprint, ends, context);
    }

    /// <summary>The file or folder, as the caller named it.</summary>
    public string Path => _source.Path;

    /// <summary>How it was opened.</summary>
    public LanguageModelOptions Options { get; }

    /// <summary>Sizes and settings.</summary>
    public LlamaConfig Config => _source.Config;

    /// <summary>Sizes and modules.</summary>
    public ModelShape Shape => _base.Shape;

    /// <summary>The tokenizer, or null where the files bring none (then only token ids can be used).</summary>
    public ITokenizer? Tokenizer { get; }

    /// <summary>The chat template, or null. Parsed when it is first asked for.</summary>
    /// <exception cref="TemplateException">The model's template cannot be parsed.</exception>
    public ChatTemplate? ChatTemplate => _template.Value;

    /// <summary>The chat template as text, or null.</summary>
    public string? ChatTemplateText => Options.ChatTemplate ?? Tokenizer?.ChatTemplate;

    /// <summary>Runs requests.</summary>
    public InferenceEngine Engine { get; }

    /// <summary>Fingerprints of sizes, tokenizer and weights; the first call reads the whole file.</summary>
    public ModelFingerprint Fingerprint => _fingerprint.Value;

    /// <summary>The packed weights, for the trainer: it runs the same frozen base on workers of its own.</summary>
    internal LlamaWeights Weights => _weights;

    /// <summary>What adapters may ask of the base.</summary>
    public IBaseModel Base => _base;

    /// <summary>Opens a GGUF file or a folder in Hugging Face's layout.</summary>
    /// <exception cref="SkPeftException">The files are missing, malformed, or of a kind that is not supported; or an option is out of range.</exception>
    public static LanguageModel Open(string path, LanguageModelOptions? options = null)
    {
        IWeightSource source = WeightSource.Open(path);
        try
        {
            return new LanguageModel(source, options ?? new LanguageModelOptions());
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>A loader of adapters for this model.</summary>
    /// <param name="catalog">Where methods come from.</param>
    /// <param name="options">How strictly bases are compared.</param>
    public IAdapterLoader CreateAdapterLoader(IPeftMethodCatalog catalog, AdapterLoaderOptions? options = null) =>
        new AdapterLoader(_base, _fingerprint, catalog, options ?? new AdapterLoaderOptions());

    /// <summary>Closes the model. Requests that still run end with <see cref="ObjectDisposedException"/> at their next step.</summary>
    /// <exception cref="InvalidOperationException">Called from inside a step of this model.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _runtime.Dispose();
            _weights.Dispose();
            _files.Dispose();
        }
    }

    private static int CheckContext(int? wanted, int most) =>
        wanted is null ? most
        : wanted >= 1 && wanted <= most ? wanted.Value
        : throw new InvalidOptionException("context length", $"{wanted}", $"1 to {most}, what the model was made for");

    private static int CheckThreads(int? wanted) =>
        wanted is null ? Math.Min(Environment.ProcessorCount, 16)
        : wanted is >= 1 and <= 256 ? wanted.Value
        : throw new InvalidOptionException("threads", $"{wanted}", "1 to 256");
}
