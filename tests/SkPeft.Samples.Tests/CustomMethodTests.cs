using SkPeft.Engine;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;
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

    [Fact]
    public async Task Engine_WithAnAdapterOfTheSample_AnswersThroughIt()
    {
        const string config = """{ "peft_type": "SAMPLE_HEAD_GATE" }""";
        using TemporaryFolder folder = new();
        HfModelFolder.Write(_model, folder.PathOf("model"));
        AdapterFiles files = AdapterFolder.Write(folder.PathOf("adapter"), config, new Dictionary<string, Tensor>
        {
            ["layers.0.gate"] = Tensor.From([0.5f, 1, -1, 2], 4),
            ["layers.1.gate"] = Tensor.From([0, 1, 3, 1], 4),
        });
        using LanguageModel model = LanguageModel.Open(folder.PathOf("model"), new LanguageModelOptions { Precision = Precision.Exact, Threads = 1 });
        using ILoadedAdapter adapter = await model.CreateAdapterLoader(_catalog).LoadAsync(files, TestContext.Current.CancellationToken);
        double[] found = new double[s_text.Length * s_sizes.VocabularySize];

        await model.Engine.VisitLogitsAsync(s_text, adapter, 0, (index, row) =>
        {
            for (int i = 0; i < row.Length; i++)
            {
                found[(index * row.Length) + i] = row[i];
            }
        }, cancellationToken: TestContext.Current.CancellationToken);

        adapter.Plugin.Name.ShouldBe("CustomMethod");
        adapter.MatchedModules.ShouldBe(["model.layers.0.self_attn.o_proj", "model.layers.1.self_attn.o_proj"]);
        found.ShouldBe(Logits(config, (0, [0.5f, 1, -1, 2]), (1, [0, 1, 3, 1])), 1e-4);
    }

    [Theory]
    [InlineData("""{ "peft_type": "SAMPLE_HEAD_GATE" }""", 2)]
    [InlineData("""{ "peft_type": "SAMPLE_HEAD_GATE", "layers": [1], "scale": 4 }""", 1)]
    public void BeginTraining_StartsAsTheBase_AndSavesWhatItTrained(string config, int gates)
    {
        using IPeftMethodLease lease = _catalog.Acquire("SAMPLE_HEAD_GATE");
        ITrainablePeftMethod method = lease.Method.ShouldBeAssignableTo<ITrainablePeftMethod>()!;
        PeftTraining training = method.BeginTraining(new TrainingRequest
        {
            Package = AdapterFolder.Make(config, new Dictionary<string, Tensor>()), Model = _model, Probe = new NoProbe(), Random = new Random(1),
        });

        training.Parameters.Count.ShouldBe(gates);
        Base(training.BuildEffects(_model, 0)).ShouldBe(Base([]), 1e-5);
        training.Parameters[0].Value.Data[2] = -3;
        double[] trained = Base(training.BuildEffects(_model, 0));
        trained.Zip(Base([]), (a, b) => Math.Abs(a - b)).Max().ShouldBeGreaterThan(0.01);
        Base(method.Load(training.Export()[0], _model.Shape).BuildEffects(_model)).ShouldBe(trained, 1e-6);
    }

    private double[] Logits(string config, params (int Layer, float[] Gate)[] gates)
    {
        AdapterPackage package = AdapterFolder.Make(config, gates.ToDictionary(g => $"layers.{g.Layer}.gate", g => Tensor.From(g.Gate, g.Gate.Length)));
        using IPeftMethodLease lease = _catalog.Acquire("SAMPLE_HEAD_GATE");
        return Base(lease.Method.Load(package, _model.Shape).BuildEffects(_model));
    }

    private double[] Base(IReadOnlyList<Effect> effects) => [.. _model.Logits(s_text, s_text.Length, effects).Data.ToArray().Select(v => (double)v)];

    // The sample asks for no words.
    private sealed class NoProbe : IModelProbe
    {
        public IReadOnlyList<int> Tokenize(string text) => throw new NotSupportedException();

        public Tensor Embeddings(IReadOnlyList<int> ids) => throw new NotSupportedException();

        public IReadOnlyList<Tensor> HiddenStates(IReadOnlyList<int> ids) => throw new NotSupportedException();

        public IReadOnlyList<(Tensor Keys, Tensor Values)> KeysAndValues(IReadOnlyList<int> ids) => throw new NotSupportedException();
    }
}
