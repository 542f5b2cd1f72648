using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Adapters.Store;
using SkPeft.Connectors;
using SkPeft.Connectors.Answers;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Engine;
using SkPeft.Engine.Scheduling;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;
using SkPeft.Training;

namespace SkPeft.Soak.Tests;

/// <summary>
/// A small model, a store with two versions of adapters of four methods, plugins that can be replaced, and the answers that each version gives alone.
/// Everything is asked through the chat client, whose receipts are compared with what the store and the lease say.
/// </summary>
internal sealed class Workshop : IDisposable
{
    /// <summary>The collection of all tests that have one: beside another's load no memory can be measured.</summary>
    public const string Collection = "workshop";

    private const int Tokens = 10;
    private const string Skill = "say";

    // Below this the order of sums may decide.
    private const double Narrow = 1e-3;

    private static readonly string[] s_prompts =
        [.. Enumerable.Range(0, 6).Select(i => new string(new Random(i).GetItems("abcdefghijklmnopqrstuvwxyz ".AsSpan(), 5 + (4 * i))))];

    // Methods that touch every place: a layer, the cache, the embeddings, and the cache from the instruction.
    private static readonly (string Name, string Type, string Config)[] s_adapters =
    [
        ("layers", "LORA", """{ "peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": "all-linear" }"""),
        ("cache", "PREFIX_TUNING", """{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5 }"""),
        ("words", "PROMPT_TUNING", """{ "peft_type": "PROMPT_TUNING", "num_virtual_tokens": 7 }"""),
        ("instruction", "SKPEFT_IAPT", """{ "peft_type": "SKPEFT_IAPT", "num_virtual_tokens": 3, "bottleneck": 4 }"""),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly SkillRouter _router = new(new SkillMap([new SkillDefinition { Name = Skill, Adapter = $"{s_adapters[0].Name}@prod", Prompt = "{input}" }]));
    private readonly Dictionary<string, string> _digests = [];
    private readonly Dictionary<(string Reference, int Prompt), int[]> _alone = [];
    private readonly Dictionary<string, ProdAlias> _aliases = s_adapters.ToDictionary(a => a.Name, _ => new ProdAlias());

    public Workshop(Action<PluginEvent> events)
    {
        TinyLlama.Write(_folder.PathOf("model"), seed: 3);
        Model = LanguageModel.Open(_folder.PathOf("model"), new LanguageModelOptions
        {
            Precision = Precision.Exact, Threads = 2, Scheduler = new SchedulerOptions { MaxRunning = 16, PrefixCacheBytes = 4 << 20, KeyValueBytes = 16 << 20 },
        });
        Copy(Path.Combine(AppContext.BaseDirectory, "plugins"), PluginFolder);
        Plugins = PluginCatalog.Open(new PluginOptions { Folders = [PluginFolder], Watch = false }, events);
        Store = AdapterStore.Open(_folder.PathOf("store"));
        foreach ((string name, _, string config) in s_adapters)
        {
            for (int version = 1; version <= 2; version++)
            {
                string adapter = _folder.PathOf($"{name}-{version}");
                using JsonDocument document = JsonDocument.Parse(config);
                StartingAdapter.Write(Model, Plugins, new AdapterPackage(name, document.RootElement.Clone(), new Dictionary<string, Tensor>()), version, 0.3, adapter);
                _digests.Add($"{name}@{version}", Store.Add(name, adapter, Model.Fingerprint).Version.Digest);
            }

            Store.Promote($"{name}@1", "prod");
        }

        Residency = new AdapterResidency(Store, Model.CreateAdapterLoader(Plugins));
    }

    public static IReadOnlyList<string> Names { get; } = [.. s_adapters.Select(a => a.Name)];

    /// <summary>Both versions of every name.</summary>
    public static IReadOnlyList<string> References { get; } = [.. Names.SelectMany(n => new[] { $"{n}@1", $"{n}@2" })];

    public static int Prompts => s_prompts.Length;

    public string PluginFolder => _folder.PathOf("plugins");

    public LanguageModel Model { get; }

    public PluginCatalog Plugins { get; }

    public AdapterStore Store { get; }

    public AdapterResidency Residency { get; }

    /// <summary>Adapters of this store within a budget of their own.</summary>
    public AdapterResidency ResidencyWithin(long bytes) => new(Store, Model.CreateAdapterLoader(Plugins), new ResidencyOptions { BudgetBytes = bytes });

    /// <summary>Asks every version alone for every prompt.</summary>
    public async Task LearnAsync()
    {
        foreach (string reference in References)
        {
            for (int prompt = 0; prompt < Prompts; prompt++)
            {
                (List<TokenProbability> answer, Receipt receipt) = await ChatAsync(Residency, reference, prompt, () => { });
                receipt.Reference.ShouldBe(reference);
                _alone.Add((reference, prompt), [.. answer.TakeWhile(t => t.Top[0].LogProbability - t.Top[1].LogProbability >= Narrow).Select(t => t.Id)]);
            }
        }

        // Else an answer by the wrong version would pass for one by the right one.
        int telling = Names.Sum(n => Enumerable.Range(0, Prompts).Count(p => !_alone[($"{n}@1", p)].Zip(_alone[($"{n}@2", p)]).All(t => t.First == t.Second)));
        telling.ShouldBeGreaterThan(Names.Count * Prompts / 2, "most answers tell which version gave them");
    }

    /// <summary>Makes a version the one that <c>prod</c> names.</summary>
    public void Promote(string name, int version) => _aliases[name].Change(version, () => Store.Promote($"{name}@{version}", "prod"));

    /// <summary>One request through an alias.</summary>
    /// <exception cref="ShouldAssertException">See <see cref="AskAsync(string, int, IAdapterLeases, Action)"/>; or it was admitted with a version that the alias did not name.</exception>
    public async Task<ProdAnswer> AskProdAsync(string name, int prompt)
    {
        ProdAlias alias = _aliases[name];
        ProdAlias.State before = alias.Now;
        ProdAlias.State? admitted = null;
        Receipt receipt = await AskAsync($"{name}@prod", prompt, Residency, () => admitted ??= alias.Now);

        // Where it changed meanwhile either is right.
        bool isSure = before == admitted && !before.IsChanging;
        if (isSure)
        {
            receipt.Version.ShouldBe(before.Version, $"'{name}@prod' was nothing else while the request was admitted");
        }

        return new ProdAnswer(receipt.Reference, isSure);
    }

    /// <summary>One request; gives its receipt.</summary>
    /// <param name="reference">The adapter, of this name.</param>
    /// <param name="prompt">The prompt's number.</param>
    /// <param name="leases">Where it comes from.</param>
    /// <param name="seen">Called when the request was admitted, and with every update.</param>
    /// <exception cref="ShouldAssertException">The receipt is not that of the version that was leased, or the answer not the one that this version gives alone.</exception>
    public async Task<Receipt> AskAsync(string reference, int prompt, IAdapterLeases leases, Action seen)
    {
        AdmittedLeases admitted = new(leases, seen);
        (List<TokenProbability> answer, Receipt receipt) = await ChatAsync(admitted, reference, prompt, seen);
        AdapterVersion version = admitted.Version!;
        string method = s_adapters.Single(a => a.Name == version.Name).Type;
        version.Name.ShouldBe(reference.Split('@')[0]);
        (receipt.Adapter, receipt.Version, receipt.Digest, receipt.Method, receipt.Plugin)
            .ShouldBe((version.Name, version.Number, _digests[version.Reference], method, admitted.Plugin));
        receipt.Parts.ShouldHaveSingleItem().ShouldBe(
            new ReceiptPart(version.Name, version.Number, _digests[version.Reference], method, 1, receipt.Modules.Count, admitted.Plugin!));
        int[] expected = _alone[(version.Reference, prompt)];
        answer.Take(expected.Length).Select(t => t.Id).ShouldBe(expected, $"{version.Reference}, prompt {prompt}");
        return receipt;
    }

    public void Dispose()
    {
        Residency.Dispose();
        Model.Dispose();
        Plugins.Dispose();
        _folder.Dispose();
    }

    private async Task<(List<TokenProbability> Answer, Receipt Receipt)> ChatAsync(IAdapterLeases leases, string reference, int prompt, Action seen)
    {
        using PeftChatClient client = new(Model, leases, _router);
        ChatOptions options = new()
        {
            MaxOutputTokens = Tokens,
            AdditionalProperties = new() { [PropertyNames.Skill] = Skill, [PropertyNames.Adapter] = reference, [PropertyNames.TopLogProbs] = 2 },
        };
        List<TokenProbability> answer = [];
        Receipt? receipt = null;
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, s_prompts[prompt])], options))
        {
            seen();
            answer.AddRange((TokenProbability[]?)update.AdditionalProperties?.GetValueOrDefault(TokenProbability.PropertyName) ?? []);
            receipt = (Receipt?)update.AdditionalProperties?.GetValueOrDefault(Receipt.PropertyName) ?? receipt;
        }

        return (answer, receipt.ShouldNotBeNull());
    }

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
