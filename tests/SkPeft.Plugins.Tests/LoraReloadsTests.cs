using System.Runtime.CompilerServices;
using SkPeft.Testing;

namespace SkPeft.Plugins.Tests;

/// <summary>LoRA's own assembly, and a later version of it with twice the effect, replacing each other while texts are generated.</summary>
public class LoraReloadsTests
{
    private const string Lora = "SkPeft.Peft.Lora";
    private const int Reloads = 200;

    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 1, HiddenSize = 8, Heads = 2, KeyValueHeads = 1, HeadDim = 4, IntermediateSize = 12, VocabularySize = 20,
    };

    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(s_sizes, seed: 5);

    [Fact]
    public async Task TwoHundredReloads_WhileTextsAreGenerated_FailNone_AndEveryTextIsThatOfTheVersionItBeganWith()
    {
        using PluginSandbox sandbox = new();
        sandbox.PutFile(TestPlugins.ShippedPathOf(Lora));
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);
        AdapterPackage adapter = Adapter(alpha: 2);

        // Twice the effect is what LoRA itself makes of twice the alpha.
        string quiet = Generate(catalog, adapter).Text;
        string loud = Generate(catalog, Adapter(alpha: 4)).Text;
        loud.ShouldNotBe(quiet);

        using CancellationTokenSource stop = new();
        int texts = 0;
        Task[] workers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    (PluginIdentity plugin, string text) = Generate(catalog, adapter);
                    text.ShouldBe(plugin.Version.StartsWith("99.", StringComparison.Ordinal) ? loud : quiet);
                    Interlocked.Increment(ref texts);
                }
            },
            TestContext.Current.CancellationToken))];

        for (int i = 1; i <= Reloads; i++)
        {
            bool later = i % 2 == 1;
            int seen = Volatile.Read(ref texts);
            sandbox.PutFile(later ? TestPlugins.PathOf("TestPlugin.Lora.V2") : TestPlugins.ShippedPathOf(Lora));
            catalog.Refresh();
            Generate(catalog, adapter).Text.ShouldBe(later ? loud : quiet);
            await EventLog.Until(() => Volatile.Read(ref texts) > seen, () => "texts are generated between reloads");
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
        await log.WaitFor(PluginEventKind.Unloaded, Reloads);
        log.All.Where(e => e.IsWarning).Select(e => e.Message).ShouldBeEmpty();
        log.Of(PluginEventKind.Reloaded).Count.ShouldBe(Reloads);
        Using.Contexts(Lora).ShouldBe(1);
    }

    private static AdapterPackage Adapter(int alpha)
    {
        Random random = new(11);
        const string Name = "base_model.model.model.layers.0.self_attn.q_proj.lora_";
        const string Down = "base_model.model.model.layers.0.mlp.down_proj.lora_";
        return AdapterFolder.Make(
            $$"""{ "peft_type": "LORA", "r": 2, "lora_alpha": {{alpha}}, "target_modules": ["q_proj", "down_proj"] }""",
            new Dictionary<string, Tensor>
            {
                [Name + "A.weight"] = RandomTensors.Normal(random, 1, 2, s_sizes.HiddenSize),
                [Name + "B.weight"] = RandomTensors.Normal(random, 1, s_sizes.HiddenSize, 2),
                [Down + "A.weight"] = RandomTensors.Normal(random, 1, 2, s_sizes.IntermediateSize),
                [Down + "B.weight"] = RandomTensors.Normal(random, 1, s_sizes.HiddenSize, 2),
            });
    }

    /// <summary>Six tokens, greedily, by the plugin that is newest when the request begins.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (PluginIdentity Plugin, string Text) Generate(PluginCatalog catalog, AdapterPackage adapter)
    {
        using IPeftMethodLease lease = catalog.Acquire("LORA");
        PeftModule module = lease.Method.Load(adapter, s_model.Shape);
        IReadOnlyList<Effect> effects = module.BuildEffects(s_model);
        List<int> ids = [3, 1, 4, 1, 5];
        for (int i = 0; i < 6; i++)
        {
            Tensor logits = s_model.Logits(ids, ids.Count, effects);
            ReadOnlySpan<float> last = logits.Data[^s_sizes.VocabularySize..];
            int best = 0;
            for (int token = 1; token < last.Length; token++)
            {
                best = last[token] > last[best] ? token : best;
            }

            ids.Add(best);
        }

        return (lease.Plugin, string.Join(' ', ids));
    }
}
