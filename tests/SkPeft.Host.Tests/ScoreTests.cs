using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Tests;

public class ScoreTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    [Fact]
    public async Task Labels_HaveTheLogProbabilityThatLogitsGiveThem()
    {
        string data = tiny.Write("data.jsonl", "\n{\"text\": \"  good \", \"label\": \"b\"}\r\n\n");

        JsonElement report = await ScoreAsync(data, "T: {text}\\n=", "--labels", "b,xy");

        // " b" is one token of the tiny vocabulary, " xy" is three.
        double b = await LogProbabilityAsync([.. "T: good\n=".Select(c => (int)c)], [260]);
        double xy = await LogProbabilityAsync([.. "T: good\n=".Select(c => (int)c)], [' ', 'x', 'y']);
        JsonElement example = report.GetProperty("examples")[0];
        example.GetProperty("scores").GetProperty("b").GetDouble().ShouldBe(b, 1e-5);
        example.GetProperty("scores").GetProperty("xy").GetDouble().ShouldBe(xy, 1e-5);
        report.GetProperty("accuracy").GetDouble().ShouldBe(b > xy ? 1 : 0);
        report.TryGetProperty("mean_nll_per_token", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Completion_CountsItsSpecialTokens_AndNotThoseOfAField()
    {
        string data = tiny.Write("data.jsonl", """{"q": 7, "refs": ["x<|im_end|>", "no"]}""");

        JsonElement report = await ScoreAsync(data, "{q}?", "--completion", " {refs[0]}<|im_end|>");

        JsonElement example = report.GetProperty("examples")[0];
        example.GetProperty("tokens").GetInt32().ShouldBe(" x<|im_end|>".Length + 1);
        double nll = -await LogProbabilityAsync(['7', '?'], [.. " x<|im_end|>".Select(c => (int)c), SkPeft.Testing.TinyLlama.TurnEnd]);
        example.GetProperty("nll").GetDouble().ShouldBe(nll, 1e-4);
        report.GetProperty("mean_nll_per_token").GetDouble().ShouldBe(nll / 13, 1e-5);
        report.TryGetProperty("accuracy", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task WithoutLabelsInTheData_ThereIsNoAccuracy_AndLimitIsKept()
    {
        string data = tiny.Write("data.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}\nthis line is not looked at");

        JsonElement report = await ScoreAsync(data, "{text}", "--labels", "x,y", "--limit", "2");

        report.TryGetProperty("accuracy", out _).ShouldBeFalse();
        report.GetProperty("examples").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("{\"text\": \"a\"}\n{\"text\": ", "{text}", "line 2", "JSON")]
    [InlineData("{\"text\": \"a\"}\n[1]", "{text}", "line 2", "an array")]
    [InlineData("\n{\"text\": \"a\"}", "{missing}", "line 2", "'missing'")]
    [InlineData("{\"text\": [\"a\"]}", "{text[1]}", "line 1", "a list of 1")]
    [InlineData("{\"text\": {}}", "{text}", "line 1", "an object")]
    [InlineData("{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"a\", \"label\": \"z\"}", "{text}", "line 2", "'z'")]
    [InlineData("{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"a\"}", "{text}", "line 2", "'label'")]
    [InlineData("", "{text}", "no lines", "")]
    public async Task BadData_NameTheLine(string data, string prompt, string line, string what) => await ToolRun.FailsAsync(
        1, ["score", tiny.Model, "--data", tiny.Write("data.jsonl", data), "--prompt", prompt, "--labels", "x,y", "--json"], line, what);

    [Fact]
    public async Task PromptWithoutTokens_NamesTheLine() => await ToolRun.FailsAsync(
        1, ["score", tiny.Model, "--data", tiny.Write("data.jsonl", "{\"text\": \"  \"}"), "--prompt", "{text}", "--labels", "x,y"], "line 1", "no tokens");

    private async Task<JsonElement> ScoreAsync(string data, string prompt, params string[] args) =>
        await ToolRun.JsonOfAsync(["score", tiny.Model, "--data", data, "--prompt", prompt, "--precision", "exact", .. args]);

    // From the command that writes logits, in double precision.
    private async Task<double> LogProbabilityAsync(int[] prompt, int[] answer)
    {
        string inputs = tiny.Write("inputs.json", JsonSerializer.Serialize(new { prompts = new[] { prompt.Concat(answer) } })), file = tiny.New("logits.safetensors");
        (await ToolRun.OfAsync("logits", tiny.Model, "--inputs", inputs, "--out", file)).Code.ShouldBe(0);
        using var logits = SafetensorsFile.Open(file);
        StoredTensor tensor = logits.Tensors["logits.0"];
        tensor.Shape.ShouldBe([prompt.Length + answer.Length, SkPeft.Testing.TinyLlama.Sizes.VocabularySize]);
        float[] row = new float[tensor.ColumnCount];
        double sum = 0;
        for (int i = 0; i < answer.Length; i++)
        {
            tensor.DequantizeRow(prompt.Length - 1 + i, row);
            sum += row[answer[i]] - Math.Log(row.Sum(v => Math.Exp(v)));
        }

        return sum;
    }
}
