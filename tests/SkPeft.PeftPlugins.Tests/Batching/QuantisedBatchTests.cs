using SkPeft.Engine;
using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;

namespace SkPeft.PeftPlugins.Tests.Batching;

/// <summary>
/// Requests of many methods in one batch on a quantised base (E4 and E7 of the methods' reference): where activations are rounded, the greedy
/// text that each gives alone up to the first step that rounding may decide; in exact precision the logits.
/// </summary>
public sealed class QuantisedBatchTests(QuantisedBases bases) : IClassFixture<QuantisedBases>
{
    private const int Tokens = 24;

    // Two of each, so that a step of answers has more rows than any kernel takes as few.
    private const int TextsEach = 2;

    public static TheoryData<TensorType, Precision, InstructionSet> Cases =>
        [.. from type in QuantisedBases.Types from precision in (Precision[])[Precision.Fast, Precision.Int8] from set in InstructionSets.Supported select (type, precision, set)];

    public static TheoryData<TensorType> Types => [.. QuantisedBases.Types];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task GreedyTexts_InABatchOfManyMethods_AreThoseOfEachAlone_UpToTheFirstNarrowMargin(TensorType type, Precision precision, InstructionSet set)
    {
        using LanguageModel model = bases.Open(type, set);
        Request[] requests = await RequestsAsync(model);
        List<IReadOnlyList<(int Id, double Margin)>> alone = [];
        foreach (Request request in requests)
        {
            alone.Add(await model.GreedyAsync(request.Text, Tokens, request.Adapter, precision, cancellation: TestContext.Current.CancellationToken));
        }

        Task<IReadOnlyList<(int Id, double Margin)>>[] together = [];
        await model.TogetherAsync(() => together = [.. requests.Select(r => model.GreedyAsync(r.Text, Tokens, r.Adapter, precision))]);
        int compared = 0;
        for (int i = 0; i < requests.Length; i++)
        {
            int[] certain = [.. alone[i].TakeWhile(t => t.Margin >= 1e-2).Select(t => t.Id)];
            (await together[i]).Take(certain.Length).Select(t => t.Id).ShouldBe(certain, requests[i].Name);
            compared += certain.Length;
            requests[i].Adapter?.Dispose();
        }

        compared.ShouldBeGreaterThan(requests.Length * Tokens / 2, "most steps of most texts have a wide margin");
        alone.Select(a => string.Join(' ', a.Select(t => t.Id))).Distinct().Count().ShouldBe(requests.Length, "every adapter says something else");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task ExactLogits_InABatchOfManyMethods_AreThoseOfEachAlone(TensorType type)
    {
        using LanguageModel model = bases.Open(type);
        Request[] requests = await RequestsAsync(model);
        List<float[][]> alone = [];
        foreach (Request request in requests)
        {
            alone.Add(await model.LogitsAsync(request.Text, request.Adapter, Precision.Exact));
        }

        Task<float[][]>[] together = [];
        await model.TogetherAsync(() => together = [.. requests.Select(r => model.LogitsAsync(r.Text, r.Adapter, Precision.Exact))]);
        for (int i = 0; i < requests.Length; i++)
        {
            float[][] found = await together[i];
            found.Zip(alone[i], (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Max().ShouldBeLessThanOrEqualTo(1e-4f, requests[i].Name);
            requests[i].Adapter?.Dispose();
        }
    }

    private async Task<Request[]> RequestsAsync(LanguageModel model)
    {
        List<Request> requests = [];
        for (int i = 0; i < TextsEach; i++)
        {
            foreach ((string name, ILoadedAdapter? adapter) in await bases.LoadAsync(model))
            {
                Random random = new(requests.Count);
                requests.Add(new Request($"{name}, text {i}", adapter, random.GetItems([.. Enumerable.Range(0, QuantisedBases.Vocabulary)], random.Next(4, 20))));
            }
        }

        return [.. requests];
    }

    private sealed record Request(string Name, ILoadedAdapter? Adapter, int[] Text);
}
