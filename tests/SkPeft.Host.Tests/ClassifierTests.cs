using System.Text.Json;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary>The tool with an adapter that classifies: scores and probabilities of its classes, and no text.</summary>
public class ClassifierTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    private static readonly string[] s_numbers = ["0", "1", "2"];

    [Fact]
    public async Task Logits_OfTheGoldenClassifier_AreItsScores()
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "seqcls", "lora-qv"), file = tiny.New("scores.safetensors");

        ToolRun run = await ToolRun.OfAsync(
            "logits", SharedFolder.PathOf("golden", "tiny", "bases", "plain"), "--inputs", SharedFolder.PathOf("golden", "tiny", "inputs.json"), "--out", file, "--adapter", folder);

        run.Code.ShouldBe(0, run.Error);
        using var expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        using var found = SafetensorsFile.Open(file);
        found.Tensors.Keys.Order().ShouldBe(expected.Tensors.Keys.Order());
        foreach ((string name, StoredTensor tensor) in expected.Tensors)
        {
            tensor.ToArray().Zip(found.Tensors[name].ToArray()).Max(p => Math.Abs(p.First - p.Second)).ShouldBeLessThan(1e-4f, name);
        }
    }

    [Theory]
    [InlineData(new string[0], new[] { "0", "1", "2" }, new string[0])]
    [InlineData(new string[0], new[] { "x", "y", "z" }, new[] { "--labels", "x,y,z" })]
    [InlineData(new[] { "x", "y", "z" }, new[] { "x", "y", "z" }, new string[0])]
    [InlineData(new[] { "x", "y", "z" }, new[] { "x", "y", "z" }, new[] { "--labels", "z,y,x" })]
    public async Task Score_GivesProbabilitiesUnderTheClassesNames(string[] own, string[] shown, string[] args)
    {
        string adapter = tiny.New("classifier");
        TinyLlama.WriteClassifier(adapter, seed: 5, classes: 3, own);
        double[] expected = await ProbabilitiesAsync(adapter, [.. "T: good\n=".Select(c => (int)c)]);
        string best = shown[Array.IndexOf(expected, expected.Max())];

        JsonElement report = await ScoreAsync(adapter, $$"""{"text": "good", "label": "{{best}}"}""", args);

        JsonElement example = report.GetProperty("examples")[0];
        example.GetProperty("probabilities").EnumerateObject().Select(p => p.Name).ShouldBe(shown);
        for (int i = 0; i < shown.Length; i++)
        {
            example.GetProperty("probabilities").GetProperty(shown[i]).GetDouble().ShouldBe(expected[i], 1e-4);
            example.GetProperty("scores").GetProperty(shown[i]).GetDouble().ShouldBe(Math.Log(expected[i]), 1e-3);
        }

        example.GetProperty("predicted").GetString().ShouldBe(best);
        report.GetProperty("accuracy").GetDouble().ShouldBe(1);
    }

    [Fact]
    public async Task Score_WhatDoesNotFitTheClasses_IsRefused()
    {
        string adapter = tiny.New("classifier"), data = tiny.Write("data.jsonl", """{"text": "good", "label": "0"}""");
        TinyLlama.WriteClassifier(adapter, seed: 5, classes: 3);
        string[] score = ["score", tiny.Model, "--data", data, "--prompt", "{text}", "--adapter"];
        await ToolRun.FailsAsync(1, [.. score, adapter, "--labels", "0,b"], "--labels", "3 names");
        await ToolRun.FailsAsync(1, [.. score, adapter, "--completion", " x"], "--completion", "classifies");
        await ToolRun.FailsAsync(1, [.. score, tiny.Lora], "--labels", "--completion");
        string unknown = tiny.Write("data.jsonl", """{"text": "good", "label": "7"}""");
        await ToolRun.FailsAsync(1, ["score", tiny.Model, "--data", unknown, "--prompt", "{text}", "--adapter", adapter], "line 1", "'7'", string.Join(", ", s_numbers));
    }

    [Fact]
    public async Task Generate_WithAnAdapterThatClassifies_SaysWhatToDo()
    {
        string adapter = tiny.New("classifier");
        TinyLlama.WriteClassifier(adapter, seed: 5, classes: 3);
        await ToolRun.FailsAsync(1, ["generate", tiny.Model, "--prompt", "hello", "--adapter", adapter, "--json"], "SEQ_CLS", "skpeft score");
    }

    private async Task<JsonElement> ScoreAsync(string adapter, string line, string[] args) => await ToolRun.JsonOfAsync(
        ["score", tiny.Model, "--data", tiny.Write("data.jsonl", line), "--prompt", "T: {text}\\n=", "--precision", "exact", "--adapter", adapter, .. args]);

    private async Task<double[]> ProbabilitiesAsync(string adapter, int[] prompt)
    {
        string inputs = tiny.Write("inputs.json", JsonSerializer.Serialize(new { prompts = new[] { prompt } })), file = tiny.New("scores.safetensors");
        (await ToolRun.OfAsync("logits", tiny.Model, "--inputs", inputs, "--out", file, "--adapter", adapter)).Code.ShouldBe(0);
        using var scores = SafetensorsFile.Open(file);
        double[] powers = [.. scores.Tensors["scores.0"].ToArray().Select(s => Math.Exp(s))];
        return [.. powers.Select(p => p / powers.Sum())];
    }
}
