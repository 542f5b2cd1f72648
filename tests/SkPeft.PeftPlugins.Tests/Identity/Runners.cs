using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Identity;

/// <summary>All runners on all kinds of bases that change where keys, positions or embeddings come from.</summary>
internal static class Runners
{
    private static readonly Dictionary<string, Func<ReferenceLlama, IModelRunner>> s_kinds = new(StringComparer.Ordinal)
    {
        ["reference"] = model => new ReferenceRunner(model),
        ["engine"] = model => new EngineRunner(model),
    };

    private static readonly ModelSizes s_grouped = new()
    {
        Layers = 3, HiddenSize = 32, Heads = 4, KeyValueHeads = 2, HeadDim = 8, IntermediateSize = 48, VocabularySize = 61,
    };

    private static readonly Dictionary<string, ModelSizes> s_bases = new(StringComparer.Ordinal)
    {
        ["grouped queries"] = s_grouped,
        ["one key-value head, tied"] = s_grouped with { KeyValueHeads = 1, TiedEmbeddings = true },
        ["wide heads, biases"] = s_grouped with { HeadDim = 12, AttentionBias = true, MlpBias = true },
    };

    /// <summary>Runner and base, by name.</summary>
    public static TheoryData<string, string> All
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string runner in s_kinds.Keys)
            {
                foreach (string sizes in s_bases.Keys)
                {
                    data.Add(runner, sizes);
                }
            }

            return data;
        }
    }

    /// <summary>A random base of the kind on the runner; equal names, equal base.</summary>
    public static IModelRunner Create(string runner, string sizes) => s_kinds[runner](Base(sizes));

    /// <summary>The base itself, for the engine's own tests.</summary>
    public static ReferenceLlama Base(string sizes) => ReferenceLlama.Random(s_bases[sizes], seed: 20);

    /// <summary>Seeded token ids.</summary>
    public static int[] Ids(int seed, int count, ModelSizes sizes)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(sizes.VocabularySize))];
    }

    /// <summary>Requires equal logits; the tolerance is that of the goldens.</summary>
    public static void ShouldBeLogits(this Tensor actual, Tensor expected)
    {
        actual.ShapeText.ShouldBe(expected.ShapeText);
        for (int i = 0; i < actual.Length; i++)
        {
            actual.Data[i].ShouldBe(expected.Data[i], 1e-4f, $"at {i / actual[1]}, {i % actual[1]}");
        }
    }

    /// <summary>Requires that logits differ clearly: an identity that holds because nothing happens proves nothing.</summary>
    public static void ShouldNotBeLogits(this Tensor actual, Tensor other) =>
        Enumerable.Range(0, actual.Length).Max(i => Math.Abs(actual.Data[i] - other.Data[i])).ShouldBeGreaterThan(0.01f);
}
