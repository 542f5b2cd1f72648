using SkPeft.Engine.Tests.Scheduling;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Generation;

/// <summary>An effect's own code may fail: the error names adapter, plugin and effect, and no other request notices.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly SmallEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    public static TheoryData<string, Func<Func<Tensor, Tensor?>, Effect[]>> Kinds => new()
    {
        { "input", f => [new TestEffects.Linear(new LinearSite(0, LinearKind.Key), x => f(x)!, null)] },
        { "single input", f => [new TestEffects.Linear(new LinearSite(0, LinearKind.Output), x => f(x)!, null)] },
        { "output", f => [new TestEffects.Linear(new LinearSite(-1, LinearKind.Head), null, (_, y) => f(y)!)] },
        { "sub-layer", f => [new TestEffects.SubLayer(1, SubLayerKind.Mlp, (_, y) => f(y)!)] },
        { "embedding", f => [new Embedding(f)] },
        { "generator", f => [new Generator(0, f), new Generator(1, f)] },
    };

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public async Task AnException_NamesAdapterPluginAndEffect(string kind, Func<Func<Tensor, Tensor?>, Effect[]> effects)
    {
        PluginFaultException error = await FailAsync(effects(_ => throw new FormatException("a bad\nday")));
        error.Message.ShouldContain("TestPlugin 1.2.3 (generation 4)", customMessage: kind);
        error.Message.ShouldContain("'hand-made'");
        error.Message.ShouldContain("SkPeft.Engine.Tests.Generation.");
        error.Message.ShouldContain("FormatException: a bad day.");
        error.Detail.ShouldContain(nameof(AnException_NamesAdapterPluginAndEffect));
        error.InnerException.ShouldBeNull("a live exception would keep the plugin's code");
    }

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public async Task ATensorOfAnotherShape_NamesBoth(string kind, Func<Func<Tensor, Tensor?>, Effect[]> effects)
    {
        PluginFaultException error = await FailAsync(effects(x => new Tensor(x[0], x[1] + 1)));
        error.Message.ShouldContain("it returned [", customMessage: kind);
        error.Message.ShouldContain("expected [");
        (await FailAsync(effects(_ => new Tensor(2)))).Message.ShouldContain("it returned [2]");
        (await FailAsync(effects(_ => null))).Message.ShouldContain("it returned null");
    }

    [Fact]
    public async Task ACancellationOfTheEffectsOwn_IsNotTheRequests() =>
        (await FailAsync([new TestEffects.SubLayer(0, SubLayerKind.Attention, (_, _) => throw new OperationCanceledException("mine"))])).Message.ShouldContain("mine");

    [Fact]
    public async Task AHeadThatThrows_LeavesTheLowRankChangesOfOthersAsTheyAre()
    {
        LinearSite head = new(-1, LinearKind.Head);
        Random random = new(9);
        using ILoadedAdapter changed = await _engine.LoadAsync(new LowRankEffect(head, RandomTensors.Normal(random, 1, 2, 16), RandomTensors.Normal(random, 1, 37, 2), 1));
        using ILoadedAdapter broken = await _engine.LoadAsync(new TestEffects.Linear(head, null, (_, _) => throw new FormatException("bad")));
        int[] expected = await _engine.GreedyAsync([4, 2], 5, changed);
        await using Held held = await Held.StartAsync(_engine);
        Task<int[]> beside = _engine.GreedyAsync([4, 2], 5, changed);
        Task<int[]> failing = _engine.GreedyAsync([4, 2], 5, broken);
        held.Release();
        await Should.ThrowAsync<PluginFaultException>(() => failing);
        (await beside).ShouldBe(expected);
    }

    private async Task<PluginFaultException> FailAsync(Effect[] effects)
    {
        int[] before = await _engine.GreedyAsync([4, 2], 5);
        using ILoadedAdapter adapter = await _engine.LoadAsync(effects);
        Task<PluginFaultException> failing = Should.ThrowAsync<PluginFaultException>(() => _engine.GreedyAsync([4, 2], 5, adapter));
        Task<int[]> beside = _engine.GreedyAsync([4, 2], 5);
        PluginFaultException error = await failing;
        (await beside).ShouldBe(before);
        (await _engine.GreedyAsync([4, 2], 5)).ShouldBe(before);
        _engine.Pages.InUse.ShouldBe(0);
        return error;
    }

    private sealed class Embedding(Func<Tensor, Tensor?> f) : TokenEmbeddingEffect
    {
        public override Tensor Apply(ReadOnlySpan<int> ids, int firstPosition, Tensor embeddings) => f(embeddings)!;
    }

    private sealed class Generator(int layer, Func<Tensor, Tensor?> f) : GeneratedPrefixEffect(layer, 2)
    {
        public override Tensor Generate(Tensor instruction) => f(instruction)!;
    }
}
