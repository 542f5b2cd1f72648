using FsCheck;
using SkPeft.Engine.Models.Loading;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>Thousands of damaged models: each opens, or is refused by one of our errors, with memory in proportion to its size.</summary>
public sealed class MutatedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ConfigJson_Tokens_NeverCrash() => Check(JsonMutations.Of(Configs()), 2000, "config.json", _folder.Root);

    [Fact]
    public void ConfigJson_Bytes_NeverCrash() =>
        Check(FileMutations.Of(2000, [.. Configs().Select(System.Text.Encoding.UTF8.GetBytes)]), 2000, "config.json", _folder.Root);

    [Fact]
    public void GenerationConfig_Tokens_NeverCrash()
    {
        new TinyModel().WriteFolder(_folder);
        Check(JsonMutations.Of("""{"bos_token_id":1,"eos_token_id":[2,3],"temperature":0.6}"""), 500, "generation_config.json", _folder.Root);
    }

    [Fact]
    public void Gguf_WholeModel_NeverCrashes()
    {
        byte[] file = File.ReadAllBytes(new TinyModel(biases: true).WriteGguf(_folder,
            f => f.Tensor("rope_freqs.weight", [2], [1f, 8f]).Add("tokenizer.ggml.tokens", [.. Enumerable.Range(0, 10).Select(i => $"t{i}")])));
        Check(FileMutations.Of(3000, file), 2000, "mutated.gguf", _folder.PathOf("mutated.gguf"));
    }

    [Fact]
    public void Safetensors_WholeModel_NeverCrashes()
    {
        new TinyModel().WriteFolder(_folder);
        Check(FileMutations.Of(2000, File.ReadAllBytes(_folder.PathOf("model.safetensors"))), 2000, "model.safetensors", _folder.Root);
    }

    private void Check(Gen<byte[]> files, int tests, string name, string model)
    {
        (int opened, int refused) = (0, 0);
        FileMutations.Check(files, tests, bytes =>
        {
            _folder.Write(name, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using IWeightSource source = WeightSource.Open(model);
                source.Config.InverseFrequencies().Length.ShouldBe(source.Config.Sizes.HeadDim / 2);
                source.Read("model.layers.0.self_attn.q_proj.weight").Length.ShouldBe(source.Config.Sizes.QueryWidth * source.Config.Sizes.HiddenSize);
                opened++;
            }
            catch (SkPeftException)
            {
                refused++;
            }

            // A configuration may claim a thousand layers; listing their tensors to find them missing costs some megabytes.
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20_000_000L);
        });
        opened.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(tests / 20);
    }

    private string[] Configs()
    {
        TinyModel model = new();
        model.WriteFolder(_folder);
        string plain = model.Config.ToJsonString();
        return
        [
            plain,
            plain[..^1] + ""","rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":64}}""",
            plain[..^1] + ""","rope_parameters":{"rope_theta":500.0,"rope_type":"linear","factor":2},"quantization_config":null,"pretraining_tp":1}""",
        ];
    }
}
