using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.PeftPlugins.Tests.Batching;

/// <summary>What tests of batches ask a model.</summary>
internal static class Asking
{
    /// <summary>Begins work while the engine is held, so that all of it is in the next step.</summary>
    public static async Task TogetherAsync(this LanguageModel model, Func<IReadOnlyList<Task>> begin)
    {
        using ManualResetEventSlim release = new();
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task holder = model.Engine.VisitLogitsAsync([1], null, 0, (_, _) =>
        {
            held.SetResult();
            release.Wait();
        }).AsTask();
        await held.Task;
        IReadOnlyList<Task> tasks = begin();
        release.Set();
        await holder;
        await Task.WhenAll(tasks);
    }

    /// <summary>The logits behind every token, [ids][vocabulary].</summary>
    public static async Task<float[][]> LogitsAsync(this LanguageModel model, int[] ids, ILoadedAdapter? adapter, Precision precision)
    {
        float[][] rows = new float[ids.Length][];
        await model.Engine.VisitLogitsAsync(ids, adapter, 0, (index, logits) => rows[index] = logits.ToArray(), instructionTokens: ids.Length - 1, precision: precision);
        return rows;
    }

    /// <summary>Greedy tokens, and by how much each was ahead of the second.</summary>
    public static async Task<IReadOnlyList<(int Id, double Margin)>> GreedyAsync(
        this LanguageModel model, int[] prompt, int tokens, ILoadedAdapter? adapter, Precision precision, int lookup = 0, CancellationToken cancellation = default)
    {
        List<(int, double)> answer = [];
        GenerationRequest request = new()
        {
            Prompt = prompt, InstructionTokens = prompt.Length, MaxTokens = tokens, Adapter = adapter, EndIds = new HashSet<int>(), Sampling = new() { TopLogProbs = 2 },
            Precision = precision, PromptLookup = lookup,
        };
        await foreach (GenerationUpdate update in model.Engine.GenerateAsync(request, cancellation))
        {
            answer.Add((update.Token!.Value.Id, update.Token.Value.Top[0].LogProbability - update.Token.Value.Top[1].LogProbability));
        }

        return answer;
    }
}
