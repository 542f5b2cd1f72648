using System.Text.Json;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

public class InspectTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    [Fact]
    public async Task Gguf_ShowsMetadataAndTensors_AndDumpsThem()
    {
        string file = tiny.New("file"), dump = tiny.New("dump.safetensors");
        File.WriteAllBytes(file, new GgufBuilder()
            .Add("general.architecture", "llama").Add("n", 7u).Add("eps", 0.1f).Add("odd", float.NaN).Add("yes", true).Add("words", "a", "b").Add("ids", 1, -2)
            .Raw("big", 10, BitConverter.GetBytes(ulong.MaxValue))
            .Tensor("t.x", [2, 3], [1, 2, 3, 4, 5, 6]).Build());

        JsonElement found = await ToolRun.JsonOfAsync("inspect", file, "--dump", dump);

        found.GetProperty("format").GetString().ShouldBe("gguf");
        found.GetProperty("metadata").GetRawText().ShouldBe(
            """{"general.architecture":"llama","n":7,"eps":0.1,"odd":"NaN","yes":true,"words":["a","b"],"ids":[1,-2],"big":18446744073709551615}""");
        found.GetProperty("tensors").GetRawText().ShouldBe("""[{"name":"t.x","type":"F32","shape":[2,3],"bytes":24}]""");
        using var dumped = SafetensorsFile.Open(dump);
        dumped.Tensors["t.x"].Shape.ShouldBe([2, 3]);
        dumped.Tensors["t.x"].ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public async Task Folders_ShowTheirConfiguration()
    {
        JsonElement model = await ToolRun.JsonOfAsync("inspect", tiny.Model), adapter = await ToolRun.JsonOfAsync("inspect", tiny.Lora);

        model.GetProperty("format").GetString().ShouldBe("hf-model");
        model.GetProperty("metadata").GetProperty("hidden_size").GetInt32().ShouldBe(TinyLlama.Sizes.HiddenSize);
        adapter.GetProperty("metadata").GetProperty("peft_type").GetString().ShouldBe("LORA");
        adapter.GetProperty("tensors").GetArrayLength().ShouldBe(4 * TinyLlama.Sizes.Layers);
        (await ToolRun.OfAsync("inspect", tiny.Lora)).Out.ShouldContain("layers.1.self_attn.v_proj.lora_B.weight");
    }

    [Fact]
    public async Task BadFiles_AreNamed()
    {
        await ToolRun.FailsAsync(1, ["inspect", tiny.Write("x.gguf", "GGUF"), "--json"], "x.gguf", "version");
        await ToolRun.FailsAsync(1, ["inspect", tiny.Write("x.safetensors", "abc"), "--json"], "x.safetensors");
        await ToolRun.FailsAsync(1, ["inspect", "/no/such", "--json"], "/no/such");
        await ToolRun.FailsAsync(1, ["inspect", tiny.Model, "--dump", Path.Combine(tiny.New("no"), "x"), "--json"], "folder does not exist");
        await ToolRun.FailsAsync(1, ["inspect", tiny.Model, "--dump", "/dev/null", "--json"], "/dev/null", "device");
    }
}
