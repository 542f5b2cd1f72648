using SkPeft.Engine.Models;
using SkPeft.Engine.Models.Loading;
using SkPeft.Engine.Models.Saving;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models.Saving;

public sealed class GgufModelWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false, 4)]
    [InlineData(true, false, 2)]
    [InlineData(false, true, 6)]
    public void Write_GivesTheTensorsOfLlamaCppsConverter(bool tied, bool biases, int headDim)
    {
        // TinyModel orders the rows of q and k by the converter's own formula, and names keys and tensors by itself.
        TinyModel model = new(tied, biases, headDim);
        using TemporaryFolder other = new();
        using GgufFile expected = GgufFile.Open(model.WriteGguf(other));
        using GgufFile written = GgufFile.Open(Convert(model, TensorType.F32));

        written.Tensors.Keys.ShouldBe(expected.Tensors.Keys, ignoreOrder: true);
        foreach ((string name, StoredTensor tensor) in expected.Tensors)
        {
            written.Tensors[name].Shape.ShouldBe(tensor.Shape, name);
            written.Tensors[name].ToArray().ShouldBe(tensor.ToArray(), name);
        }

        foreach ((string key, GgufValue value) in expected.Metadata)
        {
            bool derived = key.EndsWith("_length", StringComparison.Ordinal) && key.Contains(".attention.") && headDim == 2;
            (written.Find(key)?.ToString() ?? (derived ? value.ToString() : "absent")).ShouldBe(value.ToString(), key);
        }

        written.GetInt64("tokenizer.ggml.eot_token_id").ShouldBe(3);
    }

    [Fact]
    public void Write_HeadDimThatFollowsFromTheSizes_IsNotWritten()
    {
        using GgufFile derived = GgufFile.Open(Convert(new TinyModel(headDim: 2), TensorType.F32));
        derived.Find("llama.attention.key_length").ShouldBeNull();
        derived.GetInt64("llama.rope.dimension_count").ShouldBe(2);
        using GgufFile wide = GgufFile.Open(Convert(new TinyModel(headDim: 6), TensorType.F32));
        wide.GetInt64("llama.attention.key_length").ShouldBe(6);
        wide.GetInt64("llama.attention.value_length").ShouldBe(6);
    }

    [Theory]
    [InlineData(TensorType.F32, 0)]
    [InlineData(TensorType.F16, 1)]
    [InlineData(TensorType.Q4_0, 2)]
    [InlineData(TensorType.Q4_1, 3)]
    [InlineData(TensorType.Q8_0, 7)]
    [InlineData(TensorType.BF16, 32)]
    public void Write_EveryTypeOfFile_HasItsNumber_ItsTensors_AndNormsInF32(TensorType type, int number)
    {
        ModelSizes sizes = TinyLlama.Sizes with { IntermediateSize = 64 };
        using GgufFile file = GgufFile.Open(MakeUp(sizes, type));

        file.GetInt64("general.file_type").ShouldBe(number);
        file.GetInt64("general.quantization_version").ShouldBe(2);
        bool small = type is TensorType.Q4_0 or TensorType.Q4_1;
        foreach (StoredTensor tensor in file.Tensors.Values)
        {
            tensor.Type.ShouldBe(tensor.Shape.Count == 1 ? TensorType.F32 : tensor.Name == "output.weight" && small ? TensorType.Q8_0 : type, tensor.Name);
        }
    }

    [Fact]
    public void Write_ATiedHead_IsNoCoarserThanAHead()
    {
        using GgufFile tied = GgufFile.Open(MakeUp(TinyLlama.Sizes with { TiedEmbeddings = true }, TensorType.Q4_0));
        tied.Tensors.ContainsKey("output.weight").ShouldBeFalse();
        tied.Tensors["token_embd.weight"].Type.ShouldBe(TensorType.Q8_0);
        using GgufFile apart = GgufFile.Open(MakeUp(TinyLlama.Sizes, TensorType.Q4_0));
        apart.Tensors["token_embd.weight"].Type.ShouldBe(TensorType.Q4_0);
    }

    [Fact]
    public void Write_RowsThatAreNoWholeBlocks_BecomeF16_AndAreReported()
    {
        // The intermediate width of 48 is that of ffn_down's rows only.
        string path = _folder.PathOf("fallback.gguf");
        IReadOnlyList<WrittenTensor> written = GgufModelWriter.Write(path, Config(TinyLlama.Sizes), new RandomRows(TinyLlama.Sizes, 1),
            new GgufModelOptions(TensorType.Q8_0), TestContext.Current.CancellationToken);

        written.Where(t => t.FellBack).Select(t => t.Name).ShouldBe(["blk.0.ffn_down.weight", "blk.1.ffn_down.weight"]);
        using GgufFile file = GgufFile.Open(path);
        file.Tensors["blk.0.ffn_down.weight"].Type.ShouldBe(TensorType.F16);
        written.Select(t => (t.Name, t.Type, t.Bytes)).ShouldBe(file.Tensors.Values.Select(t => (t.Name, t.Type, t.ByteLength)), ignoreOrder: true);
        using LanguageModel model = LanguageModel.Open(path);
        model.Tokenizer.ShouldBeNull();
    }

    [Fact]
    public void Write_RotaryFrequencies_ComeBack()
    {
        LlamaConfig plain = Config(TinyLlama.Sizes with { HeadDim = 64 });
        (LlamaConfig Config, bool Factor, bool Divisors)[] cases =
        [
            (plain, false, false),
            (plain with { RopeTheta = 123456.789 }, false, false),
            (plain with { RopeScaling = new LinearRopeScaling(3) }, true, false),
            (plain with { RopeScaling = new Llama3RopeScaling(8, 1, 4, 64) }, false, true),
            (plain with { RopeScaling = new DivisorRopeScaling([.. Enumerable.Range(1, 32).Select(i => i / 3f)]) }, false, true),
            (plain with { StoredType = "bfloat16", MaxPositions = 64 }, false, true),
            (plain with { StoredType = "bfloat16", MaxPositions = 1 << 20 }, false, false), // Too long a context: nothing is rounded there.
            (plain with { StoredType = "float16", RopeScaling = new LinearRopeScaling(3) }, false, true),
        ];
        foreach ((LlamaConfig config, bool factor, bool divisors) in cases)
        {
            using GgufFile file = GgufFile.Open(MakeUp(config, TensorType.F16));
            LlamaConfig read = LlamaConfigReader.FromGguf(file);

            (file.Find("llama.rope.scaling.factor") is not null).ShouldBe(factor, $"{config.RopeScaling}");
            file.Tensors.ContainsKey("rope_freqs.weight").ShouldBe(divisors, $"{config.RopeScaling}");
            double[] wanted = config.InverseFrequencies(), found = read.InverseFrequencies();
            wanted.Zip(found).Max(p => Math.Abs(p.Second / p.First - 1)).ShouldBeLessThan(2e-7, $"{config.RopeScaling} {config.StoredType}");
        }
    }

    [Fact]
    public void Write_Llama3_GivesTheDivisorsOfLlamaCppsConverter()
    {
        using GgufFile file = GgufFile.Open(MakeUp(Config(TinyLlama.Sizes) with { RopeScaling = new Llama3RopeScaling(8, 1, 4, 64) }, TensorType.F32));
        float[] divisors = file.Tensors["rope_freqs.weight"].ToArray();

        // Wavelengths 6.28, 62.8, 628 and 6283 against 16 and 64: kept, between, divided, divided.
        double smooth = ((64 / (2 * Math.PI * 10)) - 1) / 3;
        divisors.Length.ShouldBe(4);
        divisors[0].ShouldBe(1);
        divisors[1].ShouldBe((float)(1 / (((1 - smooth) / 8) + smooth)), 1e-6);
        divisors[2..].ShouldBe([8, 8], 1e-6);
    }

    [Fact]
    public void Write_WhatCannotBeWritten_IsRefused_AndLeavesNothing()
    {
        LlamaConfig config = Config(TinyLlama.Sizes);
        CancellationToken none = TestContext.Current.CancellationToken;
        Should.Throw<InvalidOptionException>(() => GgufModelWriter.Write(_folder.PathOf("x"), config, new RandomRows(config.Sizes, 1), new GgufModelOptions(TensorType.Q6_K), none)).Option.ShouldBe("type");
        Should.Throw<InvalidOptionException>(() => MakeUp(config with { EosTokenIds = [1, 2, 3, 4] }, TensorType.F32)).Option.ShouldBe("eos_token_id");
        Should.Throw<FileFormatException>(() => GgufModelWriter.Write(_folder.PathOf("x"), config, new BadRows(), new GgufModelOptions(TensorType.F16), none))
            .Message.ShouldContain("tensor 'token_embd.weight' row 0: found NaN at column 3");
        Directory.GetFiles(_folder.Root).ShouldBeEmpty();
    }

    private string Convert(TinyModel model, TensorType type)
    {
        using IWeightSource source = WeightSource.Open(model.WriteFolder(_folder));
        string path = _folder.PathOf($"{Guid.NewGuid():N}.gguf");
        GgufModelWriter.Write(path, source.Config, new StoredRows(source), new GgufModelOptions(type), TestContext.Current.CancellationToken);
        return path;
    }

    private string MakeUp(ModelSizes sizes, TensorType type) => MakeUp(Config(sizes), type);

    private string MakeUp(LlamaConfig config, TensorType type)
    {
        string path = _folder.PathOf($"{Guid.NewGuid():N}.gguf");
        GgufModelWriter.Write(path, config, new RandomRows(config.Sizes, 1), new GgufModelOptions(type), TestContext.Current.CancellationToken);
        return path;
    }

    private static LlamaConfig Config(ModelSizes sizes) => new() { Sizes = sizes, RmsEpsilon = 1e-5, RopeTheta = 10000, MaxPositions = 128, BosTokenId = 1, EosTokenIds = [2] };

    private sealed class BadRows : IModelRows
    {
        public void Read(string name, long row, Span<float> to) => to[3] = float.NaN;
    }
}
