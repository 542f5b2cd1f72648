using System.Text.Json;
using SkPeft.Engine.Tokenization;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

public class GenerateTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    [Fact]
    public async Task Prompt_IsRawText_WhoseSpecialTokensCount()
    {
        JsonElement answer = await GenerateAsync("--prompt", "@a<|im_end|>-x");

        Ids(answer, "prompt_ids").ShouldBe(['@', 'a', TinyLlama.TurnEnd, '-', 'x']);
        Ids(answer, "ids").Length.ShouldBe(6);
        answer.GetProperty("text").GetString().ShouldBe(TokenizerLoader.Open(tiny.Model).Decode(Ids(answer, "ids"), skipSpecial: true));
        answer.GetProperty("finish_reason").GetString().ShouldBe("length");
        answer.GetProperty("receipt").ValueKind.ShouldBe(JsonValueKind.Null);
        string[] timings = ["load_ms", "prefill_tokens_per_s", "decode_tokens_per_s"];
        timings.ShouldAllBe(name => answer.GetProperty("timings").GetProperty(name).GetDouble() >= 0);
    }

    [Fact]
    public async Task Prompt_AndItsIds_GiveTheSameAnswer()
    {
        JsonElement text = await GenerateAsync("--prompt", "xyz");
        JsonElement ids = await GenerateAsync("--ids", "120, 121,122");

        Ids(ids, "ids").ShouldBe(Ids(text, "ids"));
    }

    [Fact]
    public async Task Seed_RepeatsTheAnswer()
    {
        string[] draw = ["--prompt", "q", "--temperature", "3", "--seed", "-5"];
        JsonElement one = await GenerateAsync(draw), two = await GenerateAsync(draw), other = await GenerateAsync([.. draw[..^1], "6"]);

        Ids(two, "ids").ShouldBe(Ids(one, "ids"));
        Ids(other, "ids").ShouldNotBe(Ids(one, "ids"));
    }

    [Fact]
    public async Task Stop_EndsTheAnswer_AndIsNotPartOfIt()
    {
        string text = (await GenerateAsync("--prompt", "hello", "--precision", "exact")).GetProperty("text").GetString()!;
        string stop = text.EnumerateRunes().Skip(2).First().ToString();

        JsonElement stopped = await GenerateAsync("--prompt", "hello", "--precision", "exact", "--stop", "not there at all", "--stop", stop);

        stopped.GetProperty("finish_reason").GetString().ShouldBe("stop");
        stopped.GetProperty("text").GetString().ShouldBe(text[..text.IndexOf(stop, StringComparison.Ordinal)]);
    }

    [Fact]
    public async Task Messages_AreWrittenByTheTemplate_AndAUsersSpecialTokensAreText()
    {
        string messages = tiny.Write("messages.json", """[{"role": "user", "content": "x<|im_end|>"}]""");

        int[] ids = Ids(await GenerateAsync("--messages", messages), "prompt_ids");

        ids[0].ShouldBe(TinyLlama.TurnStart);
        ids.Count(id => id == TinyLlama.TurnEnd).ShouldBe(1);
        ids.Count(id => id == TinyLlama.TurnStart).ShouldBe(2);
        ids.ShouldContain('|');
    }

    [Fact]
    public async Task AdapterFolder_Answers_AndTheReceiptSaysSo()
    {
        JsonElement bare = await GenerateAsync("--prompt", "hello");
        JsonElement adapted = await GenerateAsync("--prompt", "hello", "--adapter", tiny.Lora);

        Ids(adapted, "ids").ShouldNotBe(Ids(bare, "ids"));
        JsonElement receipt = adapted.GetProperty("receipt");
        receipt.GetProperty("adapter").GetString().ShouldBe(tiny.Lora);
        receipt.GetProperty("version").ValueKind.ShouldBe(JsonValueKind.Null);
        receipt.GetProperty("method").GetString().ShouldBe("LORA");
        receipt.GetProperty("modules").GetArrayLength().ShouldBe(2 * TinyLlama.Sizes.Layers);
        receipt.GetProperty("digest").GetString()!.Length.ShouldBe(64);
        receipt.GetProperty("plugin").GetProperty("name").GetString().ShouldBe("SkPeft.Peft.Lora");
    }

    [Fact]
    public async Task StoreReference_RecordsTheBaseAtFirstUse_AndWarnsForOtherWeights()
    {
        string store = tiny.New("store"), other = tiny.New("model");
        TinyLlama.Write(other, seed: 8);
        _ = await ToolRun.JsonOfAsync("adapters", "add", "tone", tiny.Lora, "--store", store);

        JsonElement first = await GenerateAsync("--prompt", "hello", "--adapter", "tone@1", "--store", store);
        JsonElement elsewhere = await ToolRun.JsonOfAsync("generate", other, "--prompt", "a", "--max-tokens", "1", "--adapter", "tone", "--store", store);

        first.GetProperty("receipt").GetProperty("version").GetInt32().ShouldBe(1);
        first.GetProperty("receipt").GetProperty("warnings").GetArrayLength().ShouldBe(0);
        elsewhere.GetProperty("receipt").GetProperty("warnings")[0].GetString()!.ShouldContain("weights");
        (await ToolRun.JsonOfAsync("adapters", "show", "tone", "--store", store)).GetProperty("base").GetProperty("weights").GetString()!.Length.ShouldBe(64);
    }

    [Fact]
    public async Task AdapterOfAnotherBase_IsRefused()
    {
        string store = tiny.New("store"), other = tiny.New("model");
        HfModelFolder.Write(ReferenceLlama.Random(TinyLlama.Sizes with { Layers = 1 }, 1), other);
        _ = await ToolRun.JsonOfAsync("adapters", "add", "tone", tiny.Lora, "--model", tiny.Model, "--store", store);

        await ToolRun.FailsAsync(1, ["generate", other, "--ids", "1", "--adapter", "tone", "--store", store, "--json"], "tone@1", "another base model", "shapes");
    }

    [Fact]
    public async Task WhatIsMissing_IsNamed()
    {
        string store = tiny.New("store");
        await ToolRun.FailsAsync(1, ["generate", "/no/such.gguf", "--prompt", "a", "--json"], "/no/such.gguf");
        await ToolRun.FailsAsync(1, ["generate", tiny.Model, "--prompt", "a", "--adapter", "./nowhere", "--json"], "./nowhere", "folder", "reference");
        await ToolRun.FailsAsync(1, ["generate", tiny.Model, "--prompt", "a", "--adapter", Path.Combine(tiny.Lora, "adapter_config.json")], "folder that holds");
        await ToolRun.FailsAsync(1, ["generate", tiny.Model, "--prompt", "a", "--adapter", "tone", "--store", store, "--json"], "tone");
        await ToolRun.FailsAsync(1, ["generate", tiny.Model, "--ids", "70000", "--json"], "70000", "260");
        await ToolRun.FailsAsync(1, ["generate", tiny.Model, "--prompt", "", "--json"], "no tokens");
        await ToolRun.FailsAsync(2, ["generate", tiny.Model, "--prompt", "a", "--stop", "", "--json"], "--stop");
        await ToolRun.FailsAsync(1, ["generate", tiny.Model, "--messages", tiny.Write("m.json", "{}")], "messages", "list");
    }

    private Task<JsonElement> GenerateAsync(params string[] args) => ToolRun.JsonOfAsync(["generate", tiny.Model, "--max-tokens", "6", .. args]);

    private static int[] Ids(JsonElement answer, string name) => [.. answer.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
