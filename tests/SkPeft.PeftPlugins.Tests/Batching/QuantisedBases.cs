using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Engine;
using SkPeft.Engine.Models.Loading;
using SkPeft.Engine.Models.Saving;
using SkPeft.Engine.Scheduling;
using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;
using SkPeft.Training;

namespace SkPeft.PeftPlugins.Tests.Batching;

/// <summary>One random base in several quantised types (the samples' base is too narrow for blocks of 32), and adapters of many methods for it.</summary>
public sealed class QuantisedBases : IDisposable
{
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 2, HiddenSize = 64, Heads = 4, KeyValueHeads = 2, HeadDim = 16, IntermediateSize = 96, VocabularySize = 64,
    };

    // Layers in every form of effect, the cache, the embeddings, the cache from the instruction, and attention of its own.
    private static readonly (string Type, string Config)[] s_adapters =
    [
        ("LORA", """{ "r": 8, "lora_alpha": 16, "target_modules": "all-linear" }"""),
        ("LORA", """{ "r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "down_proj"], "use_dora": true }"""),
        ("IA3", """{ "target_modules": ["k_proj", "v_proj", "down_proj"], "feedforward_modules": ["down_proj"] }"""),
        ("LOHA", """{ "r": 4, "alpha": 8, "target_modules": ["q_proj", "down_proj"] }"""),
        ("LOKR", """{ "r": 4, "alpha": 8, "target_modules": ["q_proj", "down_proj"] }"""),
        ("VERA", """{ "r": 16, "target_modules": ["q_proj", "v_proj"] }"""),
        ("OFT", """{ "oft_block_size": 16, "target_modules": ["q_proj", "down_proj"] }"""),
        ("PREFIX_TUNING", """{ "num_virtual_tokens": 5 }"""),
        ("PROMPT_TUNING", """{ "num_virtual_tokens": 7 }"""),
        ("ADAPTION_PROMPT", """{ "adapter_len": 6, "adapter_layers": 2 }"""),
        ("SKPEFT_IAPT", """{ "num_virtual_tokens": 3, "bottleneck": 8 }"""),
        ("SKPEFT_IAPT", """{ "num_virtual_tokens": 4, "bottleneck": 4 }"""),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly ReferencedMethods _methods = new();

    public QuantisedBases()
    {
        HfModelFolder.Write(ReferenceLlama.Random(s_sizes, 3), _folder.PathOf("hf"));
        using (IWeightSource source = WeightSource.Open(_folder.PathOf("hf")))
        {
            foreach (TensorType type in Types)
            {
                GgufModelWriter.Write(PathOf(type), source.Config, new StoredRows(source), new GgufModelOptions(type))
                    .ShouldAllBe(t => !t.FellBack, "every row is a whole number of blocks");
            }
        }

        using LanguageModel model = Open(TensorType.Q8_0);
        foreach ((int i, (string type, string config)) in s_adapters.Index())
        {
            JsonObject json = JsonNode.Parse(config)!.AsObject();
            json["peft_type"] = type;
            StartingAdapter.Write(model, _methods, new AdapterPackage(type, JsonSerializer.SerializeToElement(json), new Dictionary<string, Tensor>()), i, 0.1, _folder.PathOf($"{i}"));
        }
    }

    public static IReadOnlyList<TensorType> Types { get; } = [TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1];

    public static int Vocabulary => s_sizes.VocabularySize;

    /// <summary>Without a prefix cache: a prompt that was read alone is read again in the batch.</summary>
    public LanguageModel Open(TensorType type, InstructionSet? set = null) => LanguageModel.Open(
        PathOf(type), new LanguageModelOptions { Threads = 2, InstructionSet = set, Scheduler = new SchedulerOptions { PrefixCacheBytes = 0 } });

    /// <summary>An adapter of each kind, and null for the bare base; the caller disposes them.</summary>
    public async Task<(string Name, ILoadedAdapter? Adapter)[]> LoadAsync(LanguageModel model)
    {
        IAdapterLoader loader = model.CreateAdapterLoader(_methods);
        List<(string, ILoadedAdapter?)> adapters = [("base", null)];
        foreach ((int i, (string type, _)) in s_adapters.Index())
        {
            string folder = _folder.PathOf($"{i}");
            AdapterFiles files = new($"{type}-{i}", "", Path.Combine(folder, "adapter_config.json"), Path.Combine(folder, "adapter_model.safetensors"), null);
            adapters.Add((files.Name, await loader.LoadAsync(files)));
        }

        return [.. adapters];
    }

    public void Dispose() => _folder.Dispose();

    private string PathOf(TensorType type) => _folder.PathOf($"{type}.gguf");
}
