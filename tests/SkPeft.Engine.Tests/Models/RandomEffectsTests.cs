using SkPeft.Engine.Tests.Generation;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>
/// Random small LLaMAs (GQA, MQA, odd widths, tied or not, biases or not) under random sets of effects, several at one site, against the
/// plain reference in double precision.
/// </summary>
public sealed class RandomEffectsTests
{
    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 12)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Logits_UnderAnySetOfEffects_AreTheReferences(int block)
    {
        for (int seed = block * 10; seed < (block + 1) * 10; seed++)
        {
            Random random = new(seed);
            ReferenceLlama reference = ReferenceLlama.Random(AnySizes(random), seed);
            Effect[] effects = [.. AnyEffects(random, reference.Shape)];
            int[] ids = SmallEngine.Text(random.Next(2, 20), seed, reference.Shape.Sizes.VocabularySize);
            int instruction = random.Next(1, ids.Length + 1);
            using SmallEngine engine = new(reference, threads: 1 + (seed % 2));
            using ILoadedAdapter? adapter = effects.Length == 0 ? null : await engine.LoadAsync(effects);

            float[][] found = await engine.LogitsAsync(ids, adapter, instruction);

            Tensor expected = reference.Logits(ids, instruction, effects);
            string what = $"seed {seed}: {reference.Shape.Sizes}, {string.Join(", ", effects.Select(Describe))}";
            ShouldBeClose(found, expected, what);
        }
    }

    [Theory]
    [MemberData(nameof(Sites))]
    public async Task Logits_WithOneEffectAtOneSite_AreTheReferences(LinearKind kind, int seed)
    {
        Random random = new(seed);
        ModelSizes sizes = SmallEngine.Sizes() with { AttentionBias = true, MlpBias = true, TiedEmbeddings = seed % 2 == 0 };
        ReferenceLlama reference = ReferenceLlama.Random(sizes, 21);
        using SmallEngine engine = new(reference);
        ModuleInfo module = reference.Shape.ModuleOf(kind == LinearKind.Head ? new LinearSite(-1, kind) : new LinearSite(1, kind));
        float[][] bare = await engine.LogitsAsync([5, 9, 1, 30]);
        HashSet<string> kinds = [];
        for (int i = 0; i < 60; i++)
        {
            LinearEffect effect = TestEffects.AnyLinear(random, module);
            if (!kinds.Add(Describe(effect)))
            {
                continue;
            }

            using ILoadedAdapter adapter = await engine.LoadAsync(effect);
            float[][] found = await engine.LogitsAsync([5, 9, 1, 30], adapter);
            ShouldBeClose(found, reference.Logits([5, 9, 1, 30], 4, [effect]), $"{kind}: {Describe(effect)}");
            found[3].Zip(bare[3], (a, b) => MathF.Abs(a - b)).Max().ShouldBeGreaterThan(1e-4f, $"{Describe(effect)} at {kind} changed nothing");
        }

        kinds.Count.ShouldBeGreaterThanOrEqualTo(6);
    }

    public static TheoryData<LinearKind, int> Sites
    {
        get
        {
            TheoryData<LinearKind, int> data = [];
            foreach (LinearKind kind in Enum.GetValues<LinearKind>())
            {
                data.Add(kind, 100 + (int)kind);
            }

            return data;
        }
    }

    private static void ShouldBeClose(float[][] found, Tensor expected, string what)
    {
        float scale = 1;
        foreach (float value in expected.Data)
        {
            scale = MathF.Max(scale, MathF.Abs(value));
        }

        for (int row = 0; row < found.Length; row++)
        {
            for (int i = 0; i < found[row].Length; i++)
            {
                MathF.Abs(found[row][i] - expected.Row(row)[i]).ShouldBeLessThan(1e-4f * scale, $"row {row}, token {i}; {what}");
            }
        }
    }

    private static ModelSizes AnySizes(Random random)
    {
        (int heads, int keyValue) = random.Next(5) switch
        {
            0 => (1, 1),
            1 => (4, 1),
            2 => (4, 2),
            3 => (3, 3),
            _ => (6, 2),
        };
        return new ModelSizes
        {
            Layers = random.Next(1, 4),
            HiddenSize = random.Next(1, 5) * 8 + (random.Next(3) == 0 ? 2 : 0),
            Heads = heads,
            KeyValueHeads = keyValue,
            HeadDim = random.Next(1, 6) * 2,
            IntermediateSize = random.Next(3, 40),
            VocabularySize = random.Next(7, 50),
            TiedEmbeddings = random.Next(2) == 0,
            AttentionBias = random.Next(2) == 0,
            MlpBias = random.Next(2) == 0,
        };
    }

    private static IEnumerable<Effect> AnyEffects(Random random, ModelShape shape)
    {
        ModelSizes s = shape.Sizes;
        foreach (ModuleInfo module in shape.Modules)
        {
            if (module.Linear is not null && random.Next(3) == 0)
            {
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    yield return TestEffects.AnyLinear(random, module);
                }
            }
            else if (module.Norm is { } norm && random.Next(4) == 0)
            {
                yield return new NormEffect(norm, RandomTensors.Normal(random, 0.2, s.HiddenSize).Plus(1));
            }
        }

        for (int layer = 0; layer < s.Layers; layer++)
        {
            if (random.Next(4) == 0)
            {
                int rows = random.Next(1, 5);
                yield return new GatedKeyValueEffect(layer, RandomTensors.Normal(random, 0.5, rows, s.KeyValueWidth),
                    RandomTensors.Normal(random, 0.5, rows, s.KeyValueWidth), RandomTensors.Normal(random, 0.7, s.Heads));
            }

            if (random.Next(4) == 0)
            {
                yield return new TestEffects.SubLayer(layer, random.Next(2) == 0 ? SubLayerKind.Attention : SubLayerKind.Mlp,
                    (x, y) => TestEffects.Each(y, v => 0.7f * v + 0.1f * MathF.Tanh(x.Data[^1])));
            }
        }

        foreach (Effect effect in AnyVirtualTokens(random, s))
        {
            yield return effect;
        }
    }

    private static IEnumerable<Effect> AnyVirtualTokens(Random random, ModelSizes s)
    {
        if (random.Next(3) == 0)
        {
            yield return new TestEffects.Position(0.3f);
        }

        if (random.Next(3) == 0)
        {
            yield return new PromptEmbeddingsEffect(RandomTensors.Normal(random, 0.8, random.Next(1, 19), s.HiddenSize));
        }

        int kind = random.Next(4);
        int rows = random.Next(1, 20);
        for (int layer = 0; kind < 2 && layer < s.Layers; layer++)
        {
            yield return kind == 0
                ? new TestEffects.Generator(layer, rows)
                : new KeyValuePrefixEffect(layer, RandomTensors.Normal(random, 0.5, rows, s.KeyValueWidth), RandomTensors.Normal(random, 0.5, rows, s.KeyValueWidth));
        }
    }

    private static string Describe(Effect effect) => effect switch
    {
        OutputScaleEffect scale => $"{nameof(OutputScaleEffect)}({scale.ScalesBias}) at {scale.Site}",
        WeightEffect weight => $"{nameof(WeightEffect)}({weight.Bias is not null}) at {weight.Site}",
        LinearEffect linear => $"{linear.GetType().Name} at {linear.Site}",
        _ => effect.GetType().Name,
    };
}
