using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Engine;
using SkPeft.Engine.Adapters;
using SkPeft.Testing;
using SkPeft.Training;

namespace SkPeft.PeftPlugins.Tests.Batching;

/// <summary>What an adapter says that it occupies against what the process occupies more: the budget of resident adapters is only as honest as this.</summary>
[Collection(nameof(MemoryAccountTests))]
public sealed class MemoryAccountTests : IDisposable
{
    private const int Copies = 6;

    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 4, HiddenSize = 128, Heads = 4, KeyValueHeads = 2, HeadDim = 32, IntermediateSize = 256, VocabularySize = 64,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ReferencedMethods _methods = new();
    private readonly LanguageModel _model;

    public MemoryAccountTests()
    {
        HfModelFolder.Write(ReferenceLlama.Random(s_sizes, 3), _folder.PathOf("model"));
        _model = LanguageModel.Open(_folder.PathOf("model"), new LanguageModelOptions { Threads = 1 });
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    // Methods whose effects are the files' tensors, whose effects are computed from them and larger, and whose effects are the method's own.
    [Theory]
    [InlineData("LORA", """{ "r": 16, "lora_alpha": 16, "target_modules": "all-linear" }""")]
    [InlineData("LORA", """{ "r": 16, "lora_alpha": 16, "target_modules": "all-linear", "use_dora": true }""")]
    [InlineData("LOHA", """{ "r": 4, "alpha": 8, "target_modules": ["q_proj", "down_proj"] }""")]
    [InlineData("LOKR", """{ "r": 4, "alpha": 8, "target_modules": ["q_proj", "down_proj"] }""")]
    [InlineData("VERA", """{ "r": 32, "target_modules": ["q_proj", "v_proj"] }""")]
    [InlineData("OFT", """{ "oft_block_size": 32, "target_modules": ["q_proj", "down_proj"] }""")]
    [InlineData("BOFT", """{ "boft_block_size": 8, "boft_n_butterfly_factor": 2, "target_modules": ["q_proj", "down_proj"] }""")]
    [InlineData("FOURIERFT", """{ "n_frequency": 100, "target_modules": ["q_proj", "down_proj"] }""")]
    [InlineData("PREFIX_TUNING", """{ "num_virtual_tokens": 100 }""")]
    [InlineData("PROMPT_TUNING", """{ "num_virtual_tokens": 200 }""")]
    [InlineData("ADAPTION_PROMPT", """{ "adapter_len": 100, "adapter_layers": 4 }""")]
    public async Task WhatAnAdapterSaysThatItOccupies_IsWhatTheProcessOccupiesMore(string type, string config)
    {
        JsonObject json = JsonNode.Parse(config)!.AsObject();
        json["peft_type"] = type;
        AdapterFiles[] files =
        [
            .. Enumerable.Range(0, Copies).Select(i =>
            {
                string folder = _folder.PathOf($"{type}-{i}");
                StartingAdapter.Write(_model, _methods, new AdapterPackage(type, JsonSerializer.SerializeToElement(json), new Dictionary<string, Tensor>()), i, 0.02, folder);
                return new AdapterFiles(type, "", Path.Combine(folder, "adapter_config.json"), Path.Combine(folder, "adapter_model.safetensors"), null);
            }),
        ];
        IAdapterLoader loader = _model.CreateAdapterLoader(_methods);
        (await loader.LoadAsync(files[0], TestContext.Current.CancellationToken)).Dispose();

        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<ILoadedAdapter> adapters = [];
        foreach (AdapterFiles one in files)
        {
            adapters.Add(await loader.LoadAsync(one, TestContext.Current.CancellationToken));
        }

        long managed = GC.GetTotalMemory(forceFullCollection: true) - before;
        long said = adapters.Sum(a => a.Bytes);
        long native = adapters.Sum(NativeBytes);
        adapters.ForEach(a => a.Dispose());
        double ratio = said / (double)(managed + native);
        ratio.ShouldBeInRange(0.95, 1.05, $"said {said / Copies}, found {managed / Copies} on the heap and {native / Copies} beside it");
    }

    private static long NativeBytes(ILoadedAdapter adapter)
    {
        var loaded = (LoadedAdapter)adapter;
        long bytes = loaded.Enter().Bytes;
        loaded.Leave();
        return bytes;
    }
}

/// <summary>Nothing else allocates meanwhile.</summary>
[CollectionDefinition(nameof(MemoryAccountTests), DisableParallelization = true)]
public sealed class MemoryAccountCollection;
