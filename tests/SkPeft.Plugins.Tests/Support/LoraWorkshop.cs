using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Plugins.Tests;

/// <summary>A tiny model in the real engine, a LoRA adapter for it, and what a plain reference says the adapter's answers are.</summary>
internal sealed class LoraWorkshop : IDisposable
{
    public const int AnswerLength = 6;

    private static readonly int[] s_prompt = [3, 1, 4, 1, 5];

    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 1, HiddenSize = 8, Heads = 2, KeyValueHeads = 1, HeadDim = 4, IntermediateSize = 12, VocabularySize = 20,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ReferenceLlama _reference = ReferenceLlama.Random(s_sizes, seed: 5);
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly LanguageModel _model;
    private readonly AdapterFiles _files;

    public LoraWorkshop()
    {
        HfModelFolder.Write(_reference, _folder.PathOf("model"));
        _model = LanguageModel.Open(_folder.PathOf("model"), new LanguageModelOptions { Precision = Precision.Exact, Threads = 1 });
        Random random = new(11);
        AddPair(random, "self_attn.q_proj", s_sizes.HiddenSize);
        AddPair(random, "mlp.down_proj", s_sizes.IntermediateSize);
        SafetensorsWriter.Write(
            _folder.PathOf("adapter_model.safetensors"), _tensors.Select(t => SafetensorsEntry.Of(t.Key, t.Value.Shape.ToArray(), t.Value.Data.ToArray())));
        _files = new AdapterFiles(
            "workshop@1", new string('0', 64), _folder.Write("adapter_config.json", Config(alpha: 2)), _folder.PathOf("adapter_model.safetensors"), null);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    public IAdapterLoader Loader(IPeftMethodCatalog catalog) => _model.CreateAdapterLoader(catalog);

    /// <summary>The answer by loops in double precision, for the adapter's alpha of 2 or another one.</summary>
    public string Expected(int alpha)
    {
        float scale = alpha / 2f;
        Effect[] effects =
        [
            new LowRankEffect(new LinearSite(0, LinearKind.Query), Of("self_attn.q_proj", 'A'), Of("self_attn.q_proj", 'B'), scale),
            new LowRankEffect(new LinearSite(0, LinearKind.Down), Of("mlp.down_proj", 'A'), Of("mlp.down_proj", 'B'), scale),
        ];
        List<int> ids = [.. s_prompt];
        for (int i = 0; i < AnswerLength; i++)
        {
            Tensor logits = _reference.Logits(ids, ids.Count, effects);
            ids.Add(Best(logits.Data[^s_sizes.VocabularySize..]));
        }

        return string.Join(' ', ids.Skip(s_prompt.Length));
    }

    /// <summary>One request, from loading the adapter to the last token.</summary>
    public async Task<(PluginIdentity Plugin, string Answer)> AnswerAsync(IAdapterLoader loader)
    {
        using ILoadedAdapter adapter = await loader.LoadAsync(_files, TestContext.Current.CancellationToken);
        List<int> answer = [];
        await foreach (int token in TokensAsync(adapter))
        {
            answer.Add(token);
        }

        return (adapter.Plugin, string.Join(' ', answer));
    }

    public async Task<ILoadedAdapter> LoadAsync(IAdapterLoader loader) => await loader.LoadAsync(_files, TestContext.Current.CancellationToken);

    /// <summary>The answer's tokens, greedily.</summary>
    public async IAsyncEnumerable<int> TokensAsync(ILoadedAdapter adapter)
    {
        GenerationRequest request = new() { Prompt = s_prompt, Adapter = adapter, MaxTokens = AnswerLength, EndIds = new HashSet<int>() };
        await foreach (GenerationUpdate update in _model.Engine.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            yield return update.Token!.Value.Id;
        }
    }

    private static string Config(int alpha) => JsonSerializer.Serialize(
        new Dictionary<string, object> { ["peft_type"] = "LORA", ["r"] = 2, ["lora_alpha"] = alpha, ["target_modules"] = new[] { "q_proj", "down_proj" } });

    private static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int token = 1; token < logits.Length; token++)
        {
            best = logits[token] > logits[best] ? token : best;
        }

        return best;
    }

    private static string NameOf(string module, char half) => $"base_model.model.model.layers.0.{module}.lora_{half}.weight";

    private Tensor Of(string module, char half) => _tensors[NameOf(module, half)];

    private void AddPair(Random random, string module, int inputs)
    {
        _tensors[NameOf(module, 'A')] = RandomTensors.Normal(random, 1, 2, inputs);
        _tensors[NameOf(module, 'B')] = RandomTensors.Normal(random, 1, s_sizes.HiddenSize, 2);
    }
}
