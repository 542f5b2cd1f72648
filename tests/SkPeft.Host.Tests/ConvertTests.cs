using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

public class ConvertTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    public static TheoryData<string> Bases => [.. SharedFolder.FoldersIn("golden", "tiny", "bases").DefaultIfEmpty("")];

    [Theory]
    [MemberData(nameof(Bases))]
    public async Task Folder_AsF32_GivesTheReferencesLogits(string name)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "bases", name), file = tiny.New("model.gguf");

        (await ToolRun.OfAsync("convert", folder, file, "--type", "f32")).Code.ShouldBe(0);

        (await GoldenLogits.WorstDifferenceAsync(folder, tiny.New("logits.safetensors"), file)).ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public async Task Folder_TellsWhatWasWritten_AndKeepsTheTokenizer()
    {
        string file = tiny.New("model.gguf"), strings = tiny.Write("s.json", """["a b<|im_end|>ü", "  "]""");

        JsonElement report = await ToolRun.JsonOfAsync("convert", tiny.Model, file, "--type", "Q8_0");

        report.GetProperty("file").GetString().ShouldBe(file);
        report.GetProperty("type").GetString().ShouldBe("q8_0");
        report.GetProperty("tokenizer").GetRawText().ShouldBe("""{"model":"gpt2","pre":"gpt-2","tokens":261}""");
        report.GetProperty("fallbacks").GetRawText().ShouldBe("""[{"name":"blk.0.ffn_down.weight","type":"f16"},{"name":"blk.1.ffn_down.weight","type":"f16"}]""");
        using GgufFile written = GgufFile.Open(file);
        report.GetProperty("tensors").GetInt32().ShouldBe(written.Tensors.Count);
        report.GetProperty("parameters").GetInt64().ShouldBe(written.Tensors.Values.Sum(t => t.ElementCount));
        report.GetProperty("bytes").GetInt64().ShouldBe(written.Tensors.Values.Sum(t => t.ByteLength));
        written.GetString("general.name").ShouldBe("model");
        written.GetString("tokenizer.chat_template").ShouldBe(TinyLlama.ChatTemplate);
        (await ToolRun.OfAsync("tokenize", file, "--input", strings)).Out.ShouldBe((await ToolRun.OfAsync("tokenize", tiny.Model, "--input", strings)).Out);
    }

    [Fact]
    public async Task Folder_ForPeople_IsOneLine_AndARemark()
    {
        ToolRun run = await ToolRun.OfAsync("convert", tiny.Model, tiny.New("model.gguf"), "--type", "q4_0");

        run.Code.ShouldBe(0, run.Error);
        run.Out.Trim().ShouldEndWith("tokenizer gpt2 (gpt-2), 261 tokens");
        run.Out.ShouldContain("21 tensors, 32224 weights");
        run.Error.ShouldContain("2 tensors");
        run.Error.ShouldContain("blk.1.ffn_down.weight");
    }

    [Fact]
    public async Task Config_WithASeed_IsTheSameModelEveryTime_AndAnswers()
    {
        string config = Config(300), one = tiny.New("1.gguf"), two = tiny.New("2.gguf"), other = tiny.New("3.gguf");
        string[] options = ["--type", "q8_0", "--random"];
        (await ToolRun.OfAsync(["convert", config, one, .. options, "7"])).Code.ShouldBe(0);
        (await ToolRun.OfAsync(["convert", config, two, .. options, "7"])).Code.ShouldBe(0);
        (await ToolRun.OfAsync(["convert", config, other, .. options, "8"])).Code.ShouldBe(0);

        File.ReadAllBytes(two).AsSpan().SequenceEqual(File.ReadAllBytes(one)).ShouldBeTrue();
        File.ReadAllBytes(other).AsSpan().SequenceEqual(File.ReadAllBytes(one)).ShouldBeFalse();
        JsonElement answer = await ToolRun.JsonOfAsync("generate", one, "--prompt", "ab", "--max-tokens", "4");
        answer.GetProperty("prompt_ids").GetRawText().ShouldBe("[98,99]"); // Id 2 of the configuration ends a text; the bytes give way.
        answer.GetProperty("ids").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Config_WithLessThanTheBytes_GivesAModelForTokenIds()
    {
        string file = tiny.New("model.gguf");

        ToolRun run = await ToolRun.OfAsync("convert", Config(100), file, "--type", "f16", "--random", "1");

        run.Out.ShouldContain("no tokenizer");
        JsonElement answer = await ToolRun.JsonOfAsync("generate", file, "--ids", "5,6", "--max-tokens", "3");
        answer.GetProperty("ids").GetArrayLength().ShouldBeGreaterThan(0);
        await ToolRun.FailsAsync(1, ["generate", file, "--prompt", "x"], "tokenizer");
    }

    [Fact]
    public async Task WhatCannotBeConverted_IsNamed_AndNothingIsWritten()
    {
        string file = tiny.New("out.gguf"), gguf = tiny.Write("in.gguf", "GGUF");
        string[] to = [file, "--type", "q8_0"];
        await ToolRun.FailsAsync(2, ["convert", Config(300), .. to], "config.json", "without weights", "--random SEED");
        await ToolRun.FailsAsync(2, ["convert", tiny.Model, .. to, "--random", "3"], "--random", "has weights");
        await ToolRun.FailsAsync(1, ["convert", gguf, .. to], "in.gguf", "GGUF file already");
        await ToolRun.FailsAsync(1, ["convert", "/no/such", .. to], "/no/such", "no such file");
        await ToolRun.FailsAsync(1, ["convert", tiny.New(""), .. to], "no such file");
        await ToolRun.FailsAsync(1, ["convert", tiny.Model, "/dev/null", "--type", "f32"], "/dev/null", "device");
        await ToolRun.FailsAsync(1, ["convert", tiny.Model, Path.Combine(tiny.New("no"), "x.gguf"), "--type", "f32"], "folder does not exist");

        string folder = tiny.New("odd");
        TinyLlama.Write(folder);
        string tokenizer = Path.Combine(folder, "tokenizer.json");
        File.WriteAllText(tokenizer, File.ReadAllText(tokenizer).Replace("\"add_prefix_space\":false", "\"add_prefix_space\":true", StringComparison.Ordinal));
        await ToolRun.FailsAsync(1, ["convert", folder, .. to], "tokenizer.json", "pre_tokenizer");
        File.Exists(file).ShouldBeFalse();

        File.Delete(tokenizer);
        (await ToolRun.OfAsync(["convert", folder, .. to])).Out.ShouldContain("token ids only");
    }

    private string Config(int vocabulary)
    {
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(tiny.Model, "config.json")))!;
        config["vocab_size"] = vocabulary;
        config["bos_token_id"] = null;
        return tiny.Write("config.json", config.ToJsonString());
    }
}
