using SkPeft.Engine.Tests.Generation;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Adapters;

/// <summary>Several adapters on one request: what they give together, in which order, and what cannot go together.</summary>
public sealed class ComposedAdapterTests : IDisposable
{
    private static readonly LinearSite s_query = new(0, LinearKind.Query);
    private static readonly int[] s_text = SmallEngine.Text(20);

    private readonly SmallEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task LowRankChanges_AddUp_ByTheirWeights()
    {
        LowRankEffect[] one = [Low(s_query, 1, 2), Low(new(1, LinearKind.Down), 2, 3)];
        LowRankEffect[] two = [Low(s_query, 3, 4), Low(new(-1, LinearKind.Head), 4, 1)];

        // The whole sum as one adapter, by hand.
        await CompareAsync([(one, 0.5f), (two, -2f)], [.. one.Select(e => Times(e, 0.5f)), .. two.Select(e => Times(e, -2f))]);
        await CompareAsync([(one, 1f), (two, 1f)], [.. one, .. two]);
    }

    [Fact]
    public async Task AStaticPrefix_APrompt_AndALowRankChange_ActAsIfOneAdapterHadAllThree()
    {
        Effect[] prefix = [Prefix(0, 3, 10), Prefix(1, 3, 11)];
        Effect[] prompt = [new PromptEmbeddingsEffect(Normal(12, 2, 16))];
        Effect[] low = [Low(s_query, 1, 2)];

        await CompareAsync([(low, 1f), (prefix, 1f), (prompt, 1f)], [.. low, .. prefix, .. prompt]);
        await CompareAsync([(prompt, 1f), (prefix, 1f)], [.. prefix, .. prompt]);
    }

    [Fact]
    public async Task WeightsReachEveryKindOfAddition()
    {
        Effect[] adds = [new BiasEffect(s_query, Normal(1, 16)), new WeightDeltaEffect(new(1, LinearKind.Up), Normal(2, 12, 16)), new GatedKeyValueEffect(1, Normal(3, 4, 8), Normal(4, 4, 8), Normal(5, 4))];
        Effect[] twice = [new BiasEffect(s_query, Twice(1, 16)), new WeightDeltaEffect(new(1, LinearKind.Up), Twice(2, 12, 16)), new GatedKeyValueEffect(1, Normal(3, 4, 8), Normal(4, 4, 8), Twice(5, 4))];

        await CompareAsync([(adds, 2f)], twice);
    }

    [Fact]
    public async Task AtOnePlace_EffectsActInTheOrderOfTheParts()
    {
        Effect[] scale = [new OutputScaleEffect(s_query, Normal(1, 16), scalesBias: true)];
        Effect[] low = [Low(s_query, 2, 2)];

        await CompareAsync([(scale, 1f), (low, 1f)], [.. scale, .. low]);
        await CompareAsync([(low, 1f), (scale, 1f)], [.. low, .. scale]);
        (await LogitsAsync((scale, 1f), (low, 1f))).ShouldNotBe(await LogitsAsync((low, 1f), (scale, 1f)));
    }

    [Fact]
    public async Task ACompositionKeepsItsPartsUntilItsLastRequest()
    {
        using ILoadedAdapter one = await _engine.LoadAsync(Low(s_query, 1, 2));
        using ILoadedAdapter two = await _engine.LoadAsync(Low(s_query, 2, 2));
        ILoadedAdapter both = _engine.Loader.Compose([new(one, 1), new(two, 1)]);
        (both.PeftType, both.MatchedModules.Count).ShouldBe(("TEST_INLINE+TEST_INLINE", 1));
        float[][] before = await _engine.LogitsAsync(s_text, both);

        one.Dispose();
        two.Dispose();
        (await _engine.LogitsAsync(s_text, both)).ShouldBe(before);
        both.Dispose();
        await Should.ThrowAsync<ObjectDisposedException>(() => _engine.LogitsAsync(s_text, both));
        Should.Throw<ObjectDisposedException>(() => _engine.Loader.Compose([new(one, 1), new(two, 1)]));
    }

    [Fact]
    public async Task PrefixesOfACompositionAreNotThoseOfItsParts()
    {
        using SmallEngine cached = new(scheduler: new() { PrefixCacheBytes = 1 << 22 });
        Effect[] low = [Low(new(0, LinearKind.Value), 1, 2, 1)];
        Effect[] other = [Low(new(0, LinearKind.Value), 2, 2, 1)];
        int[] text = SmallEngine.Text(80);
        using ILoadedAdapter one = await cached.LoadAsync(low);
        using ILoadedAdapter two = await cached.LoadAsync(other);
        using ILoadedAdapter same = await _engine.LoadAsync([.. low, .. other.Select(e => Times((LowRankEffect)e, 0.5f))]);
        await cached.LogitsAsync(text, one);
        using (ILoadedAdapter whole = cached.Loader.Compose([new(one, 1), new(two, 1)]))
        {
            await cached.LogitsAsync(text, whole);
        }

        using ILoadedAdapter half = cached.Loader.Compose([new(one, 1), new(two, 0.5f)]);
        ShouldAgree(await cached.LogitsAsync(text, half), await _engine.LogitsAsync(text, same));
    }

    [Fact]
    public async Task AFault_NamesThePluginWhoseEffectItWas()
    {
        using ILoadedAdapter sound = await _engine.LoadAsync(new InlineMethod { Effects = [Low(s_query, 1, 2)], Identity = new("Sound", "1.0.0", new string('1', 64), 1) });
        using ILoadedAdapter broken = await _engine.LoadAsync(new InlineMethod
        {
            Effects = [new TestEffects.Linear(s_query, null, (_, _) => throw new FormatException("bad"))], Identity = new("Broken", "9.0.0", new string('2', 64), 2),
        });
        using ILoadedAdapter both = _engine.Loader.Compose([new(sound, 1), new(broken, 1)]);

        PluginFaultException error = await Should.ThrowAsync<PluginFaultException>(() => _engine.LogitsAsync(s_text, both));
        error.Message.ShouldContain("Plugin Broken 9.0.0 (generation 2) failed");
        error.Message.ShouldNotContain("Sound");
    }

    public static TheoryData<string, Effect[], Effect[], float, string> Impossible => new()
    {
        { "two prefixes", [Prefix(0, 3, 1), Prefix(1, 3, 2)], [Prefix(0, 3, 3), Prefix(1, 3, 4)], 1, "each bring a static prefix" },
        { "two generators", [new TestEffects.Generator(0, 2), new TestEffects.Generator(1, 2)], [new TestEffects.Generator(0, 2), new TestEffects.Generator(1, 2)], 1, "generator of soft tokens" },
        { "two norms", [new NormEffect(new(0, NormKind.Mlp), Normal(1, 16))], [new NormEffect(new(0, NormKind.Mlp), Normal(2, 16))], 1, "both replace the weights of the Mlp norm of block 0" },
        { "two heads", [Head(1)], [Head(2)], 1, "classification head" },
        { "a weight over a change", [Low(s_query, 1, 2)], [new WeightEffect(s_query, Normal(2, 16, 16), null)], 1, "Name it first" },
        { "a magnitude over a change", [Low(s_query, 1, 2)], [Low(s_query, 3, 2), new OutputScaleEffect(s_query, Normal(2, 16), scalesBias: false)], 1, "Name it first" },
        { "a share of a prefix", [Low(s_query, 1, 2)], [Prefix(0, 3, 3), Prefix(1, 3, 4)], 0.5f, "has the weight 0.5, but it does more than add" },
        { "a share of a scale", [Low(s_query, 1, 2)], [new OutputScaleEffect(s_query, Normal(2, 16), true)], 0.5f, "OutputScaleEffect" },
    };

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public async Task WhatCannotActTogether_IsRefused_WithBothNames(string what, Effect[] first, Effect[] second, float weight, string said)
    {
        using ILoadedAdapter one = await _engine.LoadAsync(first);
        using ILoadedAdapter two = await _engine.LoadAsync(second);

        AdapterCompositionException error = Should.Throw<AdapterCompositionException>(() => _engine.Loader.Compose([new(one, 1), new(two, weight)]), what);
        error.Message.ShouldContain(said);
        one.Dispose();
        Should.Throw<ObjectDisposedException>(() => _engine.Loader.Compose([new(two, 1), new(one, 1)]));
    }

    [Fact]
    public async Task TheSameVersionTwice_IsRefused()
    {
        using ILoadedAdapter one = await _engine.LoadAsync(Low(s_query, 1, 2));
        Should.Throw<AdapterCompositionException>(() => _engine.Loader.Compose([new(one, 1), new(one, 1)])).Message.ShouldContain("Name it once");
    }

    private async Task CompareAsync((Effect[] Effects, float Weight)[] parts, Effect[] whole)
    {
        using ILoadedAdapter same = await _engine.LoadAsync(whole);
        ShouldAgree(await LogitsAsync(parts), await _engine.LogitsAsync(s_text, same));
        (await LogitsAsync(parts))[^1].ShouldNotBe((await _engine.LogitsAsync(s_text))[^1], "the effects must matter, or the test says nothing");
    }

    private async Task<float[][]> LogitsAsync(params (Effect[] Effects, float Weight)[] parts)
    {
        List<WeightedAdapter> loaded = [];
        foreach ((Effect[] effects, float weight) in parts)
        {
            loaded.Add(new WeightedAdapter(await _engine.LoadAsync(effects), weight));
        }

        using ILoadedAdapter composed = _engine.Loader.Compose(loaded);
        loaded.ForEach(l => l.Adapter.Dispose());
        return await _engine.LogitsAsync(s_text, composed);
    }

    private static void ShouldAgree(float[][] found, float[][] expected) =>
        found.Zip(expected).Max(rows => rows.First.Zip(rows.Second).Max(v => MathF.Abs(v.First - v.Second))).ShouldBeLessThan(1e-4f);

    private static Tensor Normal(int seed, params int[] shape) => RandomTensors.Normal(new Random(seed), 1, shape);

    private static Tensor Twice(int seed, params int[] shape)
    {
        Tensor tensor = Normal(seed, shape);
        foreach (ref float value in tensor.Data)
        {
            value *= 2;
        }

        return tensor;
    }

    private static LowRankEffect Low(LinearSite site, int seed, int rank, float scale = 0.7f)
    {
        (int inputs, int outputs) = site.Kind switch
        {
            LinearKind.Down => (12, 16),
            LinearKind.Head => (16, 37),
            LinearKind.Value => (16, 8),
            _ => (16, 16),
        };
        return new LowRankEffect(site, Normal(seed, rank, inputs), Normal(seed + 100, outputs, rank), scale);
    }

    private static LowRankEffect Times(LowRankEffect e, float weight) => new(e.Site, e.A, e.B, e.Scale * weight);

    private static KeyValuePrefixEffect Prefix(int layer, int rows, int seed) => new(layer, Normal(seed, rows, 8), Normal(seed + 100, rows, 8));

    private static ClassifierEffect Head(int seed) => new(Normal(seed, 3, 16), null);
}
