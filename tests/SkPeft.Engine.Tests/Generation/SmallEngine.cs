using SkPeft.Engine.Adapters;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Memory;
using SkPeft.Engine.Models;
using SkPeft.Engine.Models.Llama;
using SkPeft.Engine.Models.Loading;
using SkPeft.Engine.Scheduling;
using SkPeft.Engine.Tokenization;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Generation;

/// <summary>The engine on a random model, put together from its parts, so that a test sees the pages and the runtime too.</summary>
internal sealed class SmallEngine : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OpenModelFiles _files;
    private readonly ModelFingerprintSource _fingerprint;
    private readonly IWeightSource _source;
    private int _adapters;

    public SmallEngine(ReferenceLlama? reference = null, ITokenizer? tokenizer = null, bool halfCache = false, int context = 2048, int threads = 2, InstructionSet? set = null, SchedulerOptions? scheduler = null)
    {
        Reference = reference ?? ReferenceLlama.Random(Sizes(), 5);
        HfModelFolder.Write(Reference, _folder.Root, 2048);
        _source = WeightSource.Open(_folder.Root);
        _files = new OpenModelFiles(_source);
        _fingerprint = new ModelFingerprintSource(() => ModelFingerprints.Of(_source, tokenizer));
        Weights = LlamaWeights.Load(_source);
        Runtime = new ModelRuntime(Weights, threads, set, halfCache, scheduler ?? new SchedulerOptions { PrefixCacheBytes = 0 });
        Engine = new InferenceEngine(Runtime, tokenizer, Precision.Exact, _fingerprint, tokenizer?.EndOfGenerationIds ?? new HashSet<int>(), context);
    }

    public ReferenceLlama Reference { get; }

    public LlamaWeights Weights { get; }

    public ModelRuntime Runtime { get; }

    public InferenceEngine Engine { get; }

    public IAdapterLoader Loader => LoaderOf(new InlineMethod());

    public KvPagePool Pages => Runtime.Pages;

    public static ModelSizes Sizes(int vocabulary = 37) => new()
    {
        Layers = 2,
        HiddenSize = 16,
        Heads = 4,
        KeyValueHeads = 2,
        HeadDim = 4,
        IntermediateSize = 12,
        VocabularySize = vocabulary,
    };

    public static int[] Text(int length, int seed = 3, int vocabulary = 37)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))];
    }

    public async Task<ILoadedAdapter> LoadAsync(params Effect[] effects) => await LoadAsync(new InlineMethod { Effects = effects });

    public async Task<ILoadedAdapter> LoadAsync(InlineMethod method)
    {
        Tensor number = new(1);
        number.Data[0] = ++_adapters;
        return await LoaderOf(method).LoadAsync(AdapterFolder.Write(_folder.PathOf("adapter"), InlineMethod.Config, new Dictionary<string, Tensor> { ["number"] = number }));
    }

    /// <summary>The logits behind every token, [ids][vocabulary].</summary>
    public async Task<float[][]> LogitsAsync(int[] ids, ILoadedAdapter? adapter = null, int? instruction = null)
    {
        float[][] rows = new float[ids.Length][];
        await Engine.VisitLogitsAsync(ids, adapter, 0, (index, logits) => rows[index] = logits.ToArray(), instruction);
        return rows;
    }

    /// <summary>The same, but every token is a step of its own.</summary>
    public async Task<float[][]> StepwiseAsync(int[] ids, EffectPlan plan, int first = 1, int? instruction = null)
    {
        float[][] rows = new float[ids.Length][];
        await using Session session = new(Runtime, plan, Precision.Exact);
        await session.AllLogitsAsync(ids.AsMemory(0, first), instruction ?? first, 0, (index, logits) => rows[index] = logits.ToArray(), default);
        for (int i = first; i < ids.Length; i++)
        {
            await session.LastLogitsAsync(ids.AsMemory(i, 1), instruction ?? first, (_, logits) => rows[i] = logits.ToArray(), default);
        }

        return rows;
    }

    public async Task<int[]> GreedyAsync(int[] prompt, int count, ILoadedAdapter? adapter = null)
    {
        List<int> ids = [];
        await foreach (GenerationUpdate update in Engine.GenerateAsync(new GenerationRequest { Prompt = prompt, MaxTokens = count, Adapter = adapter }))
        {
            ids.Add(update.Token!.Value.Id);
        }

        return [.. ids];
    }

    private AdapterLoader LoaderOf(InlineMethod method) => new(new BaseModel(_files), _fingerprint, method, new AdapterLoaderOptions());

    public void Dispose()
    {
        Runtime.Dispose();
        Weights.Dispose();
        _files.Dispose();
        _folder.Dispose();
    }
}
