using SkPeft.Engine.Models;
using SkPeft.Engine.Models.Loading;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

public sealed class WeightSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false, 4)]
    [InlineData(true, false, 2)]
    [InlineData(false, true, 6)]
    public void Open_BothFormats_GiveTheSameWeightsInHfOrder(bool tied, bool biases, int headDim)
    {
        TinyModel model = new(tied, biases, headDim);
        using IWeightSource hf = WeightSource.Open(model.WriteFolder(_folder));
        using IWeightSource gguf = WeightSource.Open(model.WriteGguf(_folder));

        hf.Config.Sizes.ShouldBe(model.Sizes);
        gguf.Config.Sizes.ShouldBe(model.Sizes);
        gguf.Config.InverseFrequencies().ShouldBe(hf.Config.InverseFrequencies());
        foreach ((string name, (long[] shape, float[] values)) in model.Tensors)
        {
            hf.Get(name).Shape.ShouldBe(shape);
            hf.Read(name).ShouldBe(values, name);
            gguf.Read(name).ShouldBe(values, name);
        }

        (hf.RopeLayout, gguf.RopeLayout).ShouldBe((RopeLayout.RotateHalf, RopeLayout.Interleaved));
        hf.FileRows("model.layers.0.self_attn.q_proj.weight").ShouldBeNull();
        gguf.FileRows("model.layers.0.self_attn.v_proj.weight").ShouldBeNull();
        gguf.Find("no.such.weight").ShouldBeNull();
        Should.Throw<FileFormatException>(() => gguf.Get("no.such.weight"));
    }

    [Fact]
    public void FileRows_OfAnInterleavedHead_AlternateItsHalves() =>
        RopePermutation.FileRows(12, 6).ShouldBe([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);

    [Fact]
    public void Open_MissingTensor_IsNamedAsInTheFile()
    {
        TinyModel model = new();
        string gguf = model.WriteGguf(_folder, null, "model.layers.1.mlp.up_proj.weight");
        Should.Throw<FileFormatException>(() => WeightSource.Open(gguf)).Message.ShouldContain("tensor 'blk.1.ffn_up.weight': found no such tensor, expected [6, 8]");

        model.Tensors.Remove("model.norm.weight");
        Should.Throw<FileFormatException>(() => WeightSource.Open(model.WriteFolder(_folder))).Field.ShouldBe("tensor 'model.norm.weight'");
    }

    [Fact]
    public void Open_TensorOfAnotherShape_SaysBoth()
    {
        TinyModel model = new();
        model.Tensors["model.layers.1.self_attn.k_proj.weight"] = ([8, 4], new float[32]);
        FileFormatException error = Should.Throw<FileFormatException>(() => WeightSource.Open(model.WriteFolder(_folder)));
        error.Found.ShouldBe("[8, 4]");

        model = new();
        model.Config["num_key_value_heads"] = 4;
        error = Should.Throw<FileFormatException>(() => WeightSource.Open(model.WriteFolder(_folder)));
        error.Field.ShouldBe("tensor 'model.layers.0.self_attn.k_proj.weight' shape");
        error.Expected.ShouldStartWith("[16, 8]");
    }

    [Theory]
    [InlineData("model.layers.0.self_attn.q_proj.bias")]
    [InlineData("model.layers.0.self_attn.q_norm.weight")]
    [InlineData("model.layers.2.mlp.up_proj.weight")]
    [InlineData("lm_head.bias")]
    [InlineData("score.weight")]
    public void Open_TensorThatWouldBeIgnored_IsRefusedByName(string name)
    {
        TinyModel model = new();
        model.Tensors[name] = ([8], new float[8]);

        Should.Throw<UnsupportedModelException>(() => WeightSource.Open(model.WriteFolder(_folder))).Option.ShouldBe($"tensor '{name}'");
    }

    [Theory]
    [InlineData("blk.0.attn_q_norm.weight")]
    [InlineData("blk.0.ffn_gate_inp.weight")]
    [InlineData("blk.01.attn_norm.weight")]
    [InlineData("output.bias")]
    [InlineData("model.layers.0.extra.weight")]
    public void Open_GgufTensorThatWouldBeIgnored_IsRefusedByName(string name) =>
        Should.Throw<UnsupportedModelException>(() => WeightSource.Open(new TinyModel().WriteGguf(_folder, f => f.Tensor(name, [8], new float[8]))))
            .Option.ShouldBe($"tensor '{name}'");

    [Fact]
    public void Open_GgufWithSomeBiasesOnly_NamesTheFirstMissing()
    {
        string path = new TinyModel().WriteGguf(_folder, f => f.Tensor("blk.0.attn_v.bias", [8], new float[8]));

        Should.Throw<FileFormatException>(() => WeightSource.Open(path)).Field.ShouldBe("tensor 'blk.0.attn_q.bias'");
    }

    [Fact]
    public void Open_RotaryBuffers_AreIgnored()
    {
        TinyModel model = new();
        model.Tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = ([2], [1f, 2f]);
        model.Tensors["model.rotary_emb.inv_freq"] = ([2], [1f, 2f]);

        WeightSource.Open(model.WriteFolder(_folder)).Dispose();
    }

    [Fact]
    public void Open_TiedModelWithAHead_AcceptsOnlyTheSameValues()
    {
        TinyModel model = new(tied: true);
        (long[] shape, float[] values) = model.Tensors["model.embed_tokens.weight"];
        model.Tensors["lm_head.weight"] = (shape, [.. values]);
        using (IWeightSource source = WeightSource.Open(model.WriteFolder(_folder)))
        {
            source.Find("lm_head.weight").ShouldBeNull();
        }

        model.Tensors["lm_head.weight"].Values[79] += 1;
        Should.Throw<FileFormatException>(() => WeightSource.Open(model.WriteFolder(_folder))).Field.ShouldBe("tensor 'lm_head.weight'");
    }

    [Fact]
    public void Open_IntegerWeights_AreRefusedByType()
    {
        TinyModel model = new();
        model.WriteFolder(_folder);
        byte[] file = File.ReadAllBytes(_folder.PathOf("model.safetensors"));
        string header = System.Text.Encoding.UTF8.GetString(file, 8, BitConverter.ToInt32(file));
        string changed = header.Replace("\"model.norm.weight\":{\"dtype\":\"F32\"", "\"model.norm.weight\":{\"dtype\":\"I32\"");
        _folder.Write("model.safetensors", SafetensorsBytes.Of(changed, file[(8 + header.Length)..]));

        Should.Throw<UnsupportedModelException>(() => WeightSource.Open(_folder.Root)).Message.ShouldContain("the type of tensor 'model.norm.weight' is I32");
    }

    [Fact]
    public void Open_NothingThereOrTheWrongThing_SaysWhatToName()
    {
        Should.Throw<FileAccessException>(() => WeightSource.Open(_folder.PathOf("none"))).Message.ShouldContain("no such file or folder");
        Should.Throw<FileAccessException>(() => WeightSource.Open(_folder.Root)).Message.ShouldContain("no config.json");
        new TinyModel().WriteFolder(_folder);
        Should.Throw<FileAccessException>(() => WeightSource.Open(_folder.PathOf("model.safetensors"))).Message.ShouldContain("Name the folder");
        File.Delete(_folder.PathOf("model.safetensors"));
        _folder.Write("pytorch_model.bin", "pickle");
        Should.Throw<FileAccessException>(() => WeightSource.Open(_folder.Root)).Message.ShouldContain("pickle files");
        Should.Throw<FileFormatException>(() => WeightSource.Open(_folder.PathOf("pytorch_model.bin"))).Field.ShouldBe("magic");
    }

    [Fact]
    public void Open_ThatFails_LeavesNoFileMapped()
    {
        TinyModel model = new();
        model.Tensors["extra"] = ([1], [1f]);
        Should.Throw<UnsupportedModelException>(() => WeightSource.Open(model.WriteFolder(_folder)));
        if (OperatingSystem.IsLinux())
        {
            File.ReadAllText("/proc/self/maps").ShouldNotContain(_folder.Root);
        }
    }

    [Fact]
    public void Open_GenerationConfig_HasTheLastWordOnEos()
    {
        TinyModel model = new();
        _folder.Write("generation_config.json", """{"eos_token_id":[7,2,7]}""");
        using (IWeightSource source = WeightSource.Open(model.WriteFolder(_folder)))
        {
            source.Config.EosTokenIds.ShouldBe([7, 2]);
        }

        _folder.Write("generation_config.json", """{"eos_token_id":10}""");
        Should.Throw<FileFormatException>(() => WeightSource.Open(_folder.Root)).Message.ShouldContain("generation_config.json: eos_token_id: found 10, expected an integer of 0 to 9");
    }
}
