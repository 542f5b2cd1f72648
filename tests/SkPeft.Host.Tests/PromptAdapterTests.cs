using System.Text.Json;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary>Adapters that ask something of the command line: places for soft tokens in the prompt, or a task.</summary>
public class PromptAdapterTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    private static readonly Tensor s_table = ReferenceLlama.Random(TinyLlama.Sizes, 7).Weight("model.embed_tokens");

    [Fact]
    public async Task Slots_InThePrompt_AreSoftTokensThere()
    {
        string adapter = Infix("[P1] {text} [P2]", 'x', 'y');

        JsonElement slotted = await ToolRun.JsonOfAsync("generate", tiny.Model, "--prompt", "a[P1]b<|im_end|>[P2]", "--adapter", adapter, "--max-tokens", "5", "--precision", "exact");
        JsonElement written = await ToolRun.JsonOfAsync("generate", tiny.Model, "--prompt", "axb<|im_end|>y", "--max-tokens", "5", "--precision", "exact");

        Ids(slotted, "prompt_ids").ShouldBe(['a', -1, 'b', TinyLlama.TurnEnd, -2]);
        Ids(slotted, "ids").ShouldBe(Ids(written, "ids"));
    }

    [Fact]
    public async Task Slots_InATemplateOfScore_AreNotThoseOfAField()
    {
        string adapter = Infix("{text}[P1]", 'x');
        string data = tiny.Write("data.jsonl", """{"text": "[P1]"}""");

        JsonElement slotted = await ToolRun.JsonOfAsync("score", tiny.Model, "--data", data, "--prompt", "{text}[P1]", "--labels", "b,c", "--adapter", adapter, "--precision", "exact");
        JsonElement written = await ToolRun.JsonOfAsync("score", tiny.Model, "--data", data, "--prompt", "{text}x", "--labels", "b,c", "--precision", "exact");

        double Score(JsonElement report) => report.GetProperty("examples")[0].GetProperty("scores").GetProperty("b").GetDouble();
        Score(slotted).ShouldBe(Score(written), 1e-5);
    }

    [Fact]
    public async Task Slots_ThatAreMissing_AreNamedWithTheTemplate() => await ToolRun.FailsAsync(
        1, ["generate", tiny.Model, "--prompt", "a[P1]", "--adapter", Infix("[P1] {text} [P2]", 'x', 'y')], "[P2]", "'[P1] {text} [P2]'");

    [Fact]
    public async Task TaskId_ChoosesTheTask_OfAFolderAndOfAStoredAdapter()
    {
        string folder = Multitask();
        string store = tiny.New("store");
        _ = await ToolRun.JsonOfAsync("adapters", "add", "many", folder, "--store", store);
        float[] first = await LogitsAsync("--adapter", folder, "--task-id", "0"), second = await LogitsAsync("--adapter", folder, "--task-id", "1");

        first.ShouldNotBe(second);
        (await LogitsAsync("--adapter", "many", "--store", store, "--task-id", "1")).ShouldBe(second);
        (await LogitsAsync("--adapter", "many@1#0", "--store", store)).ShouldBe(first);
    }

    [Fact]
    public async Task TaskId_MissingOrNotThere_SaysWhichTasksThereAre()
    {
        string folder = Multitask();
        string[] generate = ["generate", tiny.Model, "--prompt", "a"];

        await ToolRun.FailsAsync(1, [.. generate, "--adapter", folder], "task id: none", "0 to 1", "--task-id");
        await ToolRun.FailsAsync(1, [.. generate, "--adapter", folder, "--task-id", "2"], "task id: 2", "0 to 1");
        await ToolRun.FailsAsync(1, [.. generate, "--adapter", tiny.Lora, "--task-id", "1"], "trained on one task");
        await ToolRun.FailsAsync(1, [.. generate, "--adapter", "many#x", "--store", tiny.New("store")], "'many#x'", "number of a task");
        await ToolRun.FailsAsync(2, [.. generate, "--adapter", folder, "--task-id", "-1"], "--task-id");
    }

    [Fact]
    public async Task Train_WithSlotsInThePrompt_LearnsSoftTokensForThem()
    {
        string data = tiny.Write("data.jsonl", """{"text": "p", "label": "a"}""" + "\n" + """{"text": "q", "label": "b"}"""), output = tiny.New("trained");

        await TrainAsync("SKPEFT_INFIX_PROMPT", data, "[P1][P2] {text}[P3]", output, 40);

        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "adapter_config.json")));
        config.RootElement.GetProperty("prompt_template").GetString().ShouldBe("[P1][P2] {text}[P3]");
        config.RootElement.GetProperty("num_virtual_tokens").GetInt32().ShouldBe(3);
        double[] losses = [.. File.ReadLines(Path.Combine(output, "log.jsonl")).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("loss").GetDouble())];
        double trained = (await ScoreAsync(data, "[P1][P2] {text}[P3]", "--adapter", output)).GetProperty("mean_nll_per_token").GetDouble();
        trained.ShouldBeLessThan(losses[0] * 0.7);
        trained.ShouldBe(losses[^1], 0.5);
        await ToolRun.FailsAsync(1, ["score", tiny.Model, "--data", data, "--prompt", "{text}", "--completion", " {label}", "--adapter", output], "line 1", "[P1] [P2] [P3]");
    }

    [Theory]
    [InlineData("P_TUNING")]
    [InlineData("MULTITASK_PROMPT_TUNING")]
    public async Task Train_OnSeveralTasks_IsServedTaskByTask(string method)
    {
        string data = Data(), output = tiny.New("trained");

        await TrainAsync(method, data, "{text}", output, 60);

        async Task<double> OfTask(int task) => (await ScoreAsync(
            tiny.Write("task.jsonl", File.ReadLines(data).ElementAt(task)), "{text}",
            method == "P_TUNING" ? ["--adapter", Path.Combine(output, $"{Path.GetFileName(output)}-{task}")] : ["--adapter", output, "--task-id", $"{task}"]))
            .GetProperty("mean_nll_per_token").GetDouble();
        (await OfTask(0)).ShouldBeLessThan(2);
        (await OfTask(1)).ShouldBeLessThan(2);
    }

    private static string Line(int task, string label) => $$"""{"text": "same", "label": "{{label}}", "task_id": {{task}}}""";

    // The same text has another label in each task: one prompt alone could not learn it.
    private string Data() => tiny.Write("data.jsonl", $"{Line(0, "a")}\n{Line(1, "b")}\n");

    private async Task TrainAsync(string method, string data, string prompt, string output, int steps)
    {
        ToolRun run = await ToolRun.OfAsync(
            "train", tiny.Model, "--method", method, "--data", data, "--prompt", prompt, "--completion", " {label}", "--out", output, "--steps", $"{steps}", "--batch", "2", "--lr", "0.05",
            "--log", Path.Combine(Directory.CreateDirectory(output).FullName, "log.jsonl"), "--json");
        run.Code.ShouldBe(0, run.Error);
    }

    private async Task<JsonElement> ScoreAsync(string data, string prompt, params string[] adapter) => await ToolRun.JsonOfAsync(
        ["score", tiny.Model, "--data", data, "--prompt", prompt, "--completion", " {label}", "--precision", "exact", .. adapter]);

    private async Task<float[]> LogitsAsync(params string[] adapter)
    {
        string inputs = tiny.Write("inputs.json", """{ "prompts": [[97, 98, 99]] }"""), output = tiny.New("logits.safetensors");
        _ = await ToolRun.JsonOfAsync(["logits", tiny.Model, "--inputs", inputs, "--out", output, .. adapter]);
        using SafetensorsFile file = SafetensorsFile.Open(output);
        return file.Tensors["logits.0"].ToArray();
    }

    // The soft tokens are the embeddings of characters: what they do is known.
    private string Infix(string template, params char[] words)
    {
        Tensor rows = new(words.Length, s_table[1]);
        for (int i = 0; i < words.Length; i++)
        {
            s_table.Row(words[i]).CopyTo(rows.Row(i));
        }

        string folder = tiny.New("infix");
        AdapterFolder.Write(
            folder, $$"""{ "peft_type": "SKPEFT_INFIX_PROMPT", "num_virtual_tokens": {{words.Length}}, "prompt_template": "{{template}}" }""",
            new Dictionary<string, Tensor> { ["prompt_embeddings"] = rows });
        return folder;
    }

    private string Multitask()
    {
        Random random = new(4);
        string folder = tiny.New("multitask");
        AdapterFolder.Write(folder, """{ "peft_type": "MULTITASK_PROMPT_TUNING", "num_virtual_tokens": 2, "num_tasks": 2, "num_ranks": 1 }""", new Dictionary<string, Tensor>
        {
            ["prompt_embeddings"] = RandomTensors.Normal(random, 1, 2, s_table[1]),
            ["prefix_task_cols"] = RandomTensors.Normal(random, 1, 2, 2, 1),
            ["prefix_task_rows"] = RandomTensors.Normal(random, 1, 2, 1, s_table[1]),
        });
        return folder;
    }

    private static int[] Ids(JsonElement answer, string name) => [.. answer.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];
}
