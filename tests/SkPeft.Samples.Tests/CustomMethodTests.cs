using SkPeft.Plugins;
using SkPeft.Testing;

namespace SkPeft.Samples.Tests;

/// <summary>The sample method, loaded as a host loads it.</summary>
public sealed class CustomMethodTests : IDisposable
{
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 2, HiddenSize = 16, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 24, VocabularySize = 40,
    };

    private static readonly int[] s_text = [7, 3, 39, 0, 21];

    private readonly ReferenceLlama _model = ReferenceLlama.Random(s_sizes, seed: 5);
    private readonly List<string> _events = [];
    private readonly PluginCatalog _catalog;

    public CustomMethodTests() => _catalog = PluginCatalog.Open(new PluginOptions(), e => _events.Add(e.Message));

    public void Dispose() => _catalog.Dispose();

    [Fact]
    public void Plugin_InAPluginFolder_IsFoundAndPassesItsSelfTest()
    {
        using IPeftMethodLease lease = _catalog.Acquire("SAMPLE_HEAD_GATE");

        lease.Plugin.Name.ShouldBe("CustomMethod", string.Join("; ", _events));
        lease.Method.Description.ShouldContain("gate");
    }

    [Fact]
    public void Gates_OfOne_AreTheBase() => Logits("""{ "peft_type": "SAMPLE_HEAD_GATE" }""", (0, [1, 1, 1, 1]), (1, [1, 1, 1, 1])).ShouldBe(Base([]), 1e-5);

    [Fact]
    public void Gate_OfZero_IsTheBaseWithoutThatHead()
    {
        LinearSite site = new(1, LinearKind.Output);
        Tensor pruned = _model.Weight(ModelShape.NameOf(site));
        for (int row = 0; row < pruned[0]; row++)
        {
            pruned.Row(row).Slice(2 * s_sizes.HeadDim, s_sizes.HeadDim).Clear();
        }

        double[] gated = Logits("""{ "peft_type": "SAMPLE_HEAD_GATE", "layers": [1] }""", (1, [1, 1, 0, 1]));

        gated.ShouldBe(Base([new WeightEffect(site, pruned, null)]), 1e-5);
        gated.Zip(Base([]), (a, b) => Math.Abs(a - b)).Max().ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void Scale_InTheConfiguration_MultipliesEveryGate() =>
        Logits("""{ "peft_type": "SAMPLE_HEAD_GATE", "layers": [0], "scale": 2 }""", (0, [0.25f, -1, 2, 0.5f]))
            .ShouldBe(Logits("""{ "peft_type": "SAMPLE_HEAD_GATE", "layers": [0] }""", (0, [0.5f, -2, 4, 1])), 1e-5);

    [Fact]
    public void Load_WrongAdapters_AreRefusedByKind()
    {
        Should.Throw<AdapterOptionException>(() => Logits("""{ "peft_type": "SAMPLE_HEAD_GATE", "layers": [2], "per_token": true }""")).Problems.Count.ShouldBe(2);
        Should.Throw<AdapterMatchesNothingException>(() => Logits("""{ "peft_type": "SAMPLE_HEAD_GATE", "layers": [] }"""));
        Should.Throw<AdapterShapeException>(() => Logits("""{ "peft_type": "SAMPLE_HEAD_GATE", "layers": [0] }""", (0, [1, 1, 1]))).Message.ShouldContain("[4]");
        Should.Throw<AdapterShapeException>(() => Logits("""{ "peft_type": "SAMPLE_HEAD_GATE", "layers": [0] }""", (0, [1, 1, 1, 1]), (1, [1, 1, 1, 1])));
    }

    private double[] Logits(string config, params (int Layer, float[] Gate)[] gates)
    {
        AdapterPackage package = AdapterFolder.Make(config, gates.ToDictionary(g => $"layers.{g.Layer}.gate", g => Tensor.From(g.Gate, g.Gate.Length)));
        using IPeftMethodLease lease = _catalog.Acquire("SAMPLE_HEAD_GATE");
        return Base(lease.Method.Load(package, _model.Shape).BuildEffects(_model));
    }

    private double[] Base(IReadOnlyList<Effect> effects) => [.. _model.Logits(s_text, s_text.Length, effects).Data.ToArray().Select(v => (double)v)];
}
