using System.Text.Json;
using SkPeft.Adapters.Store;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Scheduling;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;
using SkPeft.Training;

namespace SkPeft.Soak.Tests;

/// <summary>A small model, a store with two versions of adapters of four methods, plugins that can be replaced, and the answers that each version gives alone.</summary>
internal sealed class Workshop : IDisposable
{
    public const int Tokens = 10;

    private static readonly int[][] s_prompts = [.. Enumerable.Range(0, 6).Select(i => new Random(i).GetItems([.. Enumerable.Range(0, 40)], 5 + (4 * i)))];

    // Methods that touch every place: a layer, the cache, the embeddings, and the cache from the instruction.
    private static readonly (string Name, string Config)[] s_adapters =
    [
        ("layers", """{ "peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": "all-linear" }"""),
        ("cache", """{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5 }"""),
        ("words", """{ "peft_type": "PROMPT_TUNING", "num_virtual_tokens": 7 }"""),
        ("instruction", """{ "peft_type": "SKPEFT_IAPT", "num_virtual_tokens": 3, "bottleneck": 4 }"""),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<(string Reference, int Prompt), IReadOnlyList<int>> _alone = [];

    public Workshop(Action<PluginEvent> events)
    {
        ModelSizes sizes = new() { Layers = 2, HiddenSize = 32, Heads = 4, KeyValueHeads = 2, HeadDim = 8, IntermediateSize = 48, VocabularySize = 40 };
        HfModelFolder.Write(ReferenceLlama.Random(sizes, 3), _folder.PathOf("model"));
        Model = LanguageModel.Open(_folder.PathOf("model"), new LanguageModelOptions
        {
            Precision = Precision.Exact, Threads = 2, Scheduler = new SchedulerOptions { MaxRunning = 16, PrefixCacheBytes = 4 << 20, KeyValueBytes = 16 << 20 },
        });
        Copy(Path.Combine(AppContext.BaseDirectory, "plugins"), PluginFolder);
        Plugins = PluginCatalog.Open(new PluginOptions { Folders = [PluginFolder], Watch = false }, events);
        Store = AdapterStore.Open(_folder.PathOf("store"));
        foreach ((string name, string config) in s_adapters)
        {
            for (int version = 1; version <= 2; version++)
            {
                string adapter = _folder.PathOf($"{name}-{version}");
                using JsonDocument document = JsonDocument.Parse(config);
                StartingAdapter.Write(Model, Plugins, new AdapterPackage(name, document.RootElement.Clone(), new Dictionary<string, Tensor>()), version, 0.3, adapter);
                Store.Add(name, adapter, Model.Fingerprint);
            }

            Store.Promote($"{name}@1", "prod");
        }

        Residency = new AdapterResidency(Store, Model.CreateAdapterLoader(Plugins));
    }

    public static IReadOnlyList<string> Names { get; } = [.. s_adapters.Select(a => a.Name)];

    public static int Prompts => s_prompts.Length;

    public string PluginFolder => _folder.PathOf("plugins");

    public LanguageModel Model { get; }

    public PluginCatalog Plugins { get; }

    public AdapterStore Store { get; }

    public AdapterResidency Residency { get; }

    /// <summary>Asks every version alone for every prompt.</summary>
    public async Task LearnAsync()
    {
        foreach (string reference in Names.SelectMany(n => new[] { $"{n}@1", $"{n}@2" }))
        {
            using IAdapterLease lease = await Residency.LeaseAsync(reference);
            for (int prompt = 0; prompt < Prompts; prompt++)
            {
                List<int> certain = [];
                await foreach (GenerationUpdate update in Model.Engine.GenerateAsync(Request(prompt, lease.Adapter)))
                {
                    if (update.Token!.Value.Top[0].LogProbability - update.Token.Value.Top[1].LogProbability < 1e-3)
                    {
                        // From here on the order of sums may decide.
                        break;
                    }

                    certain.Add(update.Token.Value.Id);
                }

                _alone.Add((reference, prompt), certain);
            }
        }
    }

    /// <summary>One request through an alias; gives the version that answered.</summary>
    /// <exception cref="InvalidOperationException">The answer is not what that version gives alone.</exception>
    public async Task<string> AskAsync(string name, int prompt)
    {
        using IAdapterLease lease = await Residency.LeaseAsync($"{name}@prod");
        List<int> answer = [];
        await foreach (GenerationUpdate update in Model.Engine.GenerateAsync(Request(prompt, lease.Adapter)))
        {
            answer.Add(update.Token!.Value.Id);
        }

        IReadOnlyList<int> expected = _alone[(lease.Version.Reference, prompt)];
        return lease.Version.Name == name && answer.Count == Tokens && answer.Take(expected.Count).SequenceEqual(expected)
            ? lease.Version.Reference
            : throw new InvalidOperationException($"{lease.Version.Reference} answered [{string.Join(' ', answer)}], alone it answers [{string.Join(' ', expected)}].");
    }

    public void Dispose()
    {
        Residency.Dispose();
        Model.Dispose();
        Plugins.Dispose();
        _folder.Dispose();
    }

    private static GenerationRequest Request(int prompt, ILoadedAdapter adapter) => new()
    {
        Prompt = s_prompts[prompt], Adapter = adapter, MaxTokens = Tokens, EndIds = new HashSet<int>(), Sampling = new() { TopLogProbs = 2 },
    };

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
