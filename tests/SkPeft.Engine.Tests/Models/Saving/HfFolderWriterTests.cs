using SkPeft.Engine.Models;
using SkPeft.Engine.Models.Loading;
using SkPeft.Engine.Models.Saving;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models.Saving;

public sealed class HfFolderWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_TensorsInMemory_ComeBack()
    {
        LlamaConfig config = Config(new TinyModel(biases: true, headDim: 6).Sizes);
        Dictionary<string, ReadOnlyMemory<float>> tensors = new TinyModel(biases: true, headDim: 6).Tensors.ToDictionary(t => t.Key, t => (ReadOnlyMemory<float>)t.Value.Values);

        HfFolderWriter.Write(_folder.PathOf("model"), config, new MemoryRows(config.Sizes, tensors));

        using IWeightSource source = WeightSource.Open(_folder.PathOf("model"));
        source.Config.Sizes.ShouldBe(config.Sizes);
        foreach ((string name, ReadOnlyMemory<float> values) in tensors)
        {
            source.Read(name).ShouldBe(values.ToArray(), name);
        }

        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(_folder.PathOf("model"), "model.safetensors"));
        file.Metadata["format"].ShouldBe("pt"); // transformers asks for it.
        Directory.GetFiles(_folder.PathOf("model")).Select(Path.GetFileName).Order().ShouldBe(["config.json", "model.safetensors"]);
    }

    [Fact]
    public void Write_EveryConfiguration_ComesBack()
    {
        LlamaConfig plain = Config(TinyLlama.Sizes);
        LlamaConfig[] configs =
        [
            plain,
            plain with { BosTokenId = null, EosTokenIds = [], RmsEpsilon = 1.25e-6, RopeTheta = 1234567.5, MaxPositions = 77 },
            plain with { EosTokenIds = [3, 4], StoredType = "bfloat16", RopeScaling = new LinearRopeScaling(2.5) },
            plain with { Sizes = plain.Sizes with { TiedEmbeddings = true, AttentionBias = true, MlpBias = true, HeadDim = 10 }, RopeScaling = new Llama3RopeScaling(8, 1, 4, 64) },
        ];
        foreach (LlamaConfig config in configs)
        {
            string folder = _folder.PathOf($"{Guid.NewGuid():N}");
            HfFolderWriter.Write(folder, config, new RandomRows(config.Sizes, 1));

            LlamaConfig read = LlamaConfigReader.FromHfConfigJson(Path.Combine(folder, "config.json"));
            (read with { EosTokenIds = config.EosTokenIds }).ShouldBe(config with { StoredType = config.StoredType ?? "float32" });
            read.EosTokenIds.ShouldBe(config.EosTokenIds);
            WeightSource.Open(folder).Dispose();
        }
    }

    [Fact]
    public void Write_WithATokenizer_CopiesItAndWhatBelongsToIt()
    {
        string from = _folder.PathOf("from"), to = _folder.PathOf("to");
        TinyLlama.Write(from);
        File.WriteAllText(Path.Combine(from, "chat_template.jinja"), "{{ messages }}");
        LlamaConfig config = Config(TinyLlama.Sizes);

        HfFolderWriter.Write(to, config, new RandomRows(config.Sizes, 1), Path.Combine(from, "tokenizer.json"));

        Directory.GetFiles(to).Select(Path.GetFileName).Order().ShouldBe(["chat_template.jinja", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]);
        File.ReadAllBytes(Path.Combine(to, "tokenizer.json")).ShouldBe(File.ReadAllBytes(Path.Combine(from, "tokenizer.json")));
        using LanguageModel model = LanguageModel.Open(to);
        model.Tokenizer!.ChatTemplate.ShouldBe("{{ messages }}");
    }

    [Fact]
    public void Write_OverAFolder_ReplacesTheModel()
    {
        string folder = _folder.PathOf("model");
        LlamaConfig config = Config(TinyLlama.Sizes);
        HfFolderWriter.Write(folder, config, new RandomRows(config.Sizes, 1));
        HfFolderWriter.Write(folder, config, new RandomRows(config.Sizes, 2));

        using IWeightSource source = WeightSource.Open(folder);
        float[] expected = new float[config.Sizes.HiddenSize];
        new RandomRows(config.Sizes, 2).Read("lm_head.weight", 0, expected);
        source.Read("lm_head.weight")[..expected.Length].ShouldBe(expected);
        Directory.GetFiles(folder).Length.ShouldBe(2);
    }

    [Fact]
    public void Write_BadRequests_AreRefused()
    {
        LlamaConfig config = Config(TinyLlama.Sizes);
        RandomRows rows = new(config.Sizes, 1);
        Should.Throw<InvalidOptionException>(() => HfFolderWriter.Write(_folder.PathOf("a"), config with { RopeScaling = new DivisorRopeScaling([1, 1, 1, 1]) }, rows)).Option.ShouldBe("rotary scaling");
        Should.Throw<FileAccessException>(() => HfFolderWriter.Write(_folder.PathOf("b"), config, rows, _folder.PathOf("no.json"))).Message.ShouldContain("no such file");
        Should.Throw<FileAccessException>(() => HfFolderWriter.Write(_folder.Write("file", "x"), config, rows));
        File.Exists(Path.Combine(_folder.PathOf("b"), "config.json")).ShouldBeFalse();

        Dictionary<string, ReadOnlyMemory<float>> tensors = LlamaTensor.ListOf(config.Sizes).ToDictionary(t => t.Name, t => (ReadOnlyMemory<float>)new float[t.Shape.Aggregate(1L, (a, b) => a * b)]);
        _ = new MemoryRows(config.Sizes, tensors);
        tensors["model.norm.weight"] = new float[3];
        Should.Throw<ArgumentException>(() => new MemoryRows(config.Sizes, tensors)).Message.ShouldContain("'model.norm.weight' has 3 numbers, [32] has 32");
        tensors["model.norm.weight"] = new float[32];
        tensors["other"] = new float[1];
        Should.Throw<ArgumentException>(() => new MemoryRows(config.Sizes, tensors)).Message.ShouldContain("'other'");
        tensors.Remove("other");
        tensors.Remove("lm_head.weight");
        Should.Throw<ArgumentException>(() => new MemoryRows(config.Sizes, tensors)).Message.ShouldContain("'lm_head.weight' has 0 numbers");
    }

    private static LlamaConfig Config(ModelSizes sizes) => new() { Sizes = sizes, RmsEpsilon = 1e-5, RopeTheta = 10000, MaxPositions = 128, BosTokenId = 1, EosTokenIds = [2] };
}
