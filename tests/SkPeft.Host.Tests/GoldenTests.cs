using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary>The tool against the reference outputs. Every single one of them is compared in the tests of the libraries; these are a few, end to end.</summary>
public class GoldenTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    private static string SmolLm => SharedFolder.PathOf("models", "smollm2-135m-instruct-q4_1.gguf");

    [Theory]
    [InlineData("plain", null)]
    [InlineData("rope-llama3", null)]
    [InlineData("plain", "lora-dora")]
    [InlineData("plain", "iapt-token-bias")]
    public async Task Logits_AreTheReferences(string model, string? adapter)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "bases", model);
        string reference = adapter is null ? folder : SharedFolder.PathOf("golden", "tiny", "adapters", model, adapter);
        string[] with = adapter is null ? [] : ["--adapter", reference];

        (await GoldenLogits.WorstDifferenceAsync(reference, tiny.New("logits.safetensors"), [folder, .. with])).ShouldBeLessThan(1e-4f);
    }

    [Theory]
    [InlineData("sst2-lora", 4)]
    [InlineData("sst2-iapt", 3)]
    public async Task Score_GivesTheRecordedScores(string adapter, int examples)
    {
        string folder = SharedFolder.PathOf("golden", "smollm2-adapters", adapter);

        JsonElement report = await ToolRun.JsonOfAsync(
            "score", SmolLm, "--data", SharedFolder.PathOf("data", "sst2", "test.jsonl"), "--prompt", "Review: {text}\\nSentiment:", "--labels", "positive,negative",
            "--adapter", Path.Combine(folder, "adapter"), "--limit", $"{examples}", "--precision", "exact");

        using var recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json")));
        foreach ((int i, JsonElement example) in report.GetProperty("examples").EnumerateArray().Index())
        {
            foreach (JsonProperty score in recorded.RootElement.GetProperty("eval")[i].GetProperty("scores").EnumerateObject())
            {
                example.GetProperty("scores").GetProperty(score.Name).GetDouble().ShouldBe(score.Value.GetDouble(), 2e-2);
            }
        }
    }

    [Fact]
    public async Task Score_GivesTheRecordedLikelihood()
    {
        string folder = SharedFolder.PathOf("golden", "smollm2-adapters", "e2e-prefix");

        JsonElement report = await ToolRun.JsonOfAsync(
            "score", SmolLm, "--data", SharedFolder.PathOf("data", "e2e", "test.jsonl"), "--prompt", "{meaning}\\nDescription:", "--completion", " {references[0]}<|im_end|>",
            "--adapter", Path.Combine(folder, "adapter"), "--limit", "2", "--precision", "exact");

        using var recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json")));
        foreach ((int i, JsonElement example) in report.GetProperty("examples").EnumerateArray().Index())
        {
            JsonElement reference = recorded.RootElement.GetProperty("eval")[i];
            example.GetProperty("nll").GetDouble().ShouldBe(reference.GetProperty("nll").GetDouble(), 2e-2);
            example.GetProperty("tokens").GetInt32().ShouldBe(reference.GetProperty("tokens").GetInt32());
        }
    }

    [Theory]
    [InlineData("llama3", "llama3.json")]
    [InlineData("spm", "spm-hf.json")]
    public async Task Tokenize_GivesTheRecordedIds(string tokenizer, string reference)
    {
        using var recorded = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "tokenizers", reference)));
        JsonElement[] expected = [.. recorded.RootElement.EnumerateArray()];
        string input = tiny.Write("strings.json", JsonSerializer.Serialize(expected.Select(e => e.GetProperty("text").GetString())));

        JsonElement found = await ToolRun.JsonOfAsync("tokenize", SharedFolder.PathOf("golden", "tokenizers", tokenizer, "tokenizer.json"), "--input", input);

        found.GetArrayLength().ShouldBe(expected.Length);
        foreach ((JsonElement one, JsonElement other) in found.EnumerateArray().Zip(expected))
        {
            one.GetProperty("ids").GetRawText().Replace(" ", "").ShouldBe(other.GetProperty("ids").GetRawText().Replace(" ", ""), other.GetProperty("text").GetString());
            one.GetProperty("decoded").GetString().ShouldBe(other.GetProperty("decoded").GetString());
        }
    }

    [Fact]
    public async Task Render_GivesTheRecordedTexts()
    {
        const string name = "meta-llama-Llama-3.1-8B-Instruct";
        using var inputs = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "templates", "inputs.json")));
        using var recorded = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "templates", name + ".json")));
        foreach (JsonElement entry in recorded.RootElement.EnumerateArray())
        {
            JsonElement input = inputs.RootElement.GetProperty(entry.GetProperty("input").GetString()!);
            List<string> args = ["render", SharedFolder.PathOf("golden", "templates", name + ".jinja"), "--bos", "<s>", "--eos", "</s>", "--now", "2026-11-22T10:00:00"];
            args.AddRange(["--messages", tiny.Write("m.json", input.GetProperty("messages").GetRawText())]);
            args.AddRange(input.TryGetProperty("tools", out JsonElement tools) ? ["--tools", tiny.Write("t.json", tools.GetRawText())] : []);
            args.AddRange(input.TryGetProperty("add_generation_prompt", out JsonElement add) && !add.GetBoolean() ? ["--no-generation-prompt"] : []);

            ToolRun run = await ToolRun.OfAsync([.. args]);

            bool renders = entry.TryGetProperty("rendered", out JsonElement rendered);
            (run.Code, run.Out).ShouldBe(renders ? (0, rendered.GetString()!) : (1, ""));
        }
    }
}
