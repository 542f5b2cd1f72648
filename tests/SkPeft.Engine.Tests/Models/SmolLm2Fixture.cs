using System.Text.Json;
using SkPeft.Engine.Generation;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>The real model, opened when a test first asks for it.</summary>
public sealed class SmolLm2Fixture : IDisposable
{
    private readonly Lazy<LanguageModel> _model = new(() => LanguageModel.Open(SharedFolder.PathOf("models", "smollm2-135m-instruct-q4_1.gguf"), new LanguageModelOptions { Threads = 2 }));
    private readonly Lazy<IReadOnlyList<SmolLm2Case>> _cases;

    public SmolLm2Fixture() => _cases = new(() =>
    {
        using JsonDocument golden = Golden();
        return [.. golden.RootElement.GetProperty("cases").EnumerateArray().Select(SmolLm2Case.Read)];
    });

    public LanguageModel Model => _model.Value;

    public IReadOnlyList<SmolLm2Case> Cases => _cases.Value;

    public JsonDocument Golden() => JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "smollm2", "cases.json")));

    public async Task<float[]> LastLogitsAsync(int[] ids, Precision precision)
    {
        float[] last = [];
        await Model.Engine.VisitLogitsAsync(ids, null, ids.Length - 1, (_, logits) => last = logits.ToArray(), precision: precision);
        return last;
    }

    public async Task<int[]> GreedyAsync(int[] prompt, int count, Precision precision)
    {
        List<int> ids = [];
        await foreach (GenerationUpdate update in Model.Engine.GenerateAsync(new GenerationRequest { Prompt = prompt, MaxTokens = Math.Max(1, count), Precision = precision }))
        {
            ids.Add(update.Token!.Value.Id);
        }

        return [.. ids.Take(count)];
    }

    public void Dispose()
    {
        if (_model.IsValueCreated)
        {
            _model.Value.Dispose();
        }
    }
}

/// <summary>One case of golden/smollm2/cases.json.</summary>
public sealed record SmolLm2Case(int[] Ids, int[] GreedyIds, string GreedyText, float[] Margins)
{
    public static SmolLm2Case Read(JsonElement e) => new(
        e.GetProperty("ids").Deserialize<int[]>()!,
        e.GetProperty("greedy_ids").Deserialize<int[]>()!,
        e.GetProperty("greedy_text").GetString()!,
        e.GetProperty("greedy_margins").Deserialize<float[]>()!);
}
