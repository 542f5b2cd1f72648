using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SkPeft.Adapters.Store;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Tests;

/// <summary><c>skpeft train</c> on the tiny model: what it writes, what it refuses, and what becomes of the adapter in a store.</summary>
public sealed class TrainTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    private const string Config = "{\"num_virtual_tokens\": 4}";

    [Fact]
    public async Task Text_becomes_an_adapter_that_serves_with_a_state_a_curve_and_a_log()
    {
        string output = tiny.New("out"), log = tiny.New("log.jsonl");

        JsonElement report = await ToolRun.JsonOfAsync([.. Command(output), "--log", log, "--schedule", "linear", "--lr", "0.1", "--steps", "60"]);

        report.GetProperty("steps").GetInt32().ShouldBe(60);
        JsonElement[] lines = [.. File.ReadLines(log).Select(l => JsonDocument.Parse(l).RootElement)];
        lines.Select(l => l.GetProperty("step").GetInt32()).ShouldBe(Enumerable.Range(0, 60));
        lines.Select(l => l.GetProperty("lr").GetDouble()).ShouldBe(Enumerable.Range(0, 60).Select(k => 0.1 * (1 - (k / 60.0))), 1e-12);
        lines.ShouldAllBe(l => l.GetProperty("tokens").GetInt32() > 0 && l.GetProperty("seconds").GetDouble() >= 0);
        lines[^1].GetProperty("loss").GetDouble().ShouldBeLessThan(lines[0].GetProperty("loss").GetDouble());
        Directory.GetFiles(output).Select(Path.GetFileName).Order().ShouldBe(["adapter_config.json", "adapter_model.safetensors", "curve.svg", "run.jsonl", "state.safetensors"]);
        JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "adapter_config.json"))).RootElement.GetProperty("peft_type").GetString().ShouldBe("PROMPT_TUNING");
        File.ReadAllText(Path.Combine(output, "curve.svg")).ShouldStartWith("<svg");

        JsonElement trained = await ScoreAsync(output), bare = await ScoreAsync(null);
        TrueScore(trained).ShouldBeGreaterThan(TrueScore(bare) + 1);
    }

    [Fact]
    public async Task A_state_continues_where_it_was_saved()
    {
        string first = tiny.New("out"), second = tiny.New("out");
        JsonElement before = await ToolRun.JsonOfAsync([.. Command(first), "--steps", "5", "--optimizer", "sgd", "--lr", "0.1"]);

        JsonElement after = await ToolRun.JsonOfAsync([.. Command(second), "--steps", "5", "--optimizer", "sgd", "--lr", "0.1", "--init", Path.Combine(first, "state.safetensors")]);

        Losses(after)[0].ShouldBeLessThan(Losses(before)[0]);
        using SafetensorsFile state = SafetensorsFile.Open(Path.Combine(first, "state.safetensors"));
        StoredTensor tensor = state.Tensors.Values.ShouldHaveSingleItem();
        string file = tiny.New("other.safetensors");
        SafetensorsWriter.Write(file, [SafetensorsEntry.Of(tensor, "other")]);
        await ToolRun.FailsAsync(1, [.. Command(tiny.New("out")), "--init", file, "--json"], "does not fit", $"lacks '{tensor.Name}'", "'other'");
    }

    [Fact]
    public async Task Methods_are_found_by_any_of_their_names_and_listed_where_there_is_none()
    {
        foreach (string name in new[] { "prompt-tuning", "PromptTuning", "PROMPT_TUNING", "prompt_tuning" })
        {
            (await ToolRun.OfAsync([.. Command(tiny.New("out"), method: name), "--steps", "1"])).Code.ShouldBe(0);
        }

        await ToolRun.FailsAsync(2, Command(tiny.New("out"), method: "bitfitt"), "'bitfitt'", "SKPEFT_BITFIT", "PROMPT_TUNING");
        await ToolRun.FailsAsync(2, Command(tiny.New("out"), config: "{\"peft_type\": \"LORA\"}"), "PROMPT_TUNING", "LORA");
    }

    [Fact]
    public async Task Ids_need_neither_templates_nor_a_tokenizer()
    {
        string data = tiny.Write("data.jsonl", "{\"ids\": [5, 6, 7, 8], \"prompt_len\": 2}\n{\"ids\": [9, 10, 11], \"prompt_len\": 1}\n");

        JsonElement report = await ToolRun.JsonOfAsync("train", tiny.Model, "--method", "prompt-tuning", "--config", tiny.Write("config.json", Config), "--data", data, "--out", tiny.New("out"), "--steps", "2", "--batch", "2");

        report.GetProperty("tokens").GetInt32().ShouldBe(14);
    }

    [Theory]
    [InlineData("{\"label\": \"a\"}", "line 2", "'text'")]
    [InlineData("{\"text\": \"x\", \"label\": \"\"}", "line 2", "the completion is empty")]
    [InlineData("{\"text\": \"x\", \"label\": ", "line 2", "no JSON")]
    [InlineData("[1]", "line 2", "an array")]
    [InlineData("{\"text\": \"x\", \"label\": \"c\"}", "line 2", "label 'c' is not one of a, b")]
    public async Task A_bad_line_fails_the_run_with_its_number(string line, string where, string what) =>
        await ToolRun.FailsAsync(1, [.. Command(tiny.New("out"), $"{{\"text\": \"x\", \"label\": \"a\"}}\n{line}\n"), "--labels", "a,b", "--json"], where, what);

    [Fact]
    public async Task Lines_that_teach_nothing_are_counted_where_the_options_say_so()
    {
        string data = $"{{\"text\": \"x\", \"label\": \"a\"}}\n{{\"text\": \"y\", \"label\": \"\"}}\n{{\"text\": \"{new string('x', 600)}\", \"label\": \"b\"}}\n{{\"text\": \"z\", \"label\": \"b\"}}\n";
        string options = tiny.Write("options.json", "{\"skip\": true, \"steps\": 1}");

        JsonElement report = await ToolRun.JsonOfAsync([.. Command(tiny.New("out"), data), "--options", options]);

        report.GetProperty("lines").GetInt32().ShouldBe(2);
        report.GetProperty("skipped").GetInt32().ShouldBe(2);
        string[] skipped = [.. report.GetProperty("skipped_lines").EnumerateArray().Select(l => l.GetString()!)];
        skipped[0].ShouldStartWith("line 2: the completion is empty");
        skipped[1].ShouldStartWith("line 3: the sequence has");
    }

    [Fact]
    public async Task One_class_only_is_refused() =>
        await ToolRun.FailsAsync(1, [.. Command(tiny.New("out"), "{\"text\": \"x\", \"label\": \"a\"}\n{\"text\": \"y\", \"label\": \"a\"}\n"), "--labels", "a,b", "--json"], "one class only", "'a'");

    [Fact]
    public async Task Unknown_options_are_errors_that_list_the_known()
    {
        await ToolRun.FailsAsync(2, [.. Command(tiny.New("out")), "--options", tiny.Write("options.json", "{\"leraning\": 1}")], "'leraning'", "micro_batch", "groups", "weight_decay");
        await ToolRun.FailsAsync(2, [.. Command(tiny.New("out")), "--options", tiny.Write("options.json", "{\"groups\": {\"default\": {\"rate\": 1}}}")], "'rate'", "factor", "frozen");
        await ToolRun.FailsAsync(1, [.. Command(tiny.New("out")), "--options", tiny.Write("options.json", "{\"groups\": {\"nobody\": {\"lr\": 1}}}"), "--json"], "'nobody'", "default");
        await ToolRun.FailsAsync(2, [.. Command(tiny.New("out")), "--options", tiny.Write("options.json", "{\"bucket\": \"eight\"}")], "bucket", "eight");
    }

    [Fact]
    public async Task A_run_that_would_not_fit_is_refused_with_the_number() =>
        await ToolRun.FailsAsync(1, [.. Command(tiny.New("out")), "--options", tiny.Write("options.json", "{\"memory_limit\": 1000}"), "--json"], "MB", "are allowed");

    [Fact]
    public async Task A_first_version_must_beat_the_bare_base_and_a_second_one_the_first()
    {
        string store = tiny.New("store"), held = tiny.Write("held.jsonl", Lines());
        string[] gate = ["--eval", held, "--labels", "a,b", "--store", store, "--name", "letters", "--promote", "prod", "--if-better", "loss"];

        JsonElement first = await ToolRun.JsonOfAsync([.. Command(tiny.New("out")), "--steps", "20", "--lr", "0.01", .. gate]);

        JsonElement promotion = first.GetProperty("promotion");
        promotion.GetProperty("promoted").GetBoolean().ShouldBeTrue();
        promotion.GetProperty("against").GetString().ShouldBe("the bare base");
        promotion.GetProperty("difference").GetDouble().ShouldBeGreaterThan(0);
        promotion.GetProperty("standard_error").GetDouble().ShouldBeGreaterThan(0);
        AdapterStore open = AdapterStore.Open(store);
        open.Resolve("letters@prod").Number.ShouldBe(1);

        // One step of almost nothing is worse than twenty.
        ToolRun worse = await ToolRun.OfAsync([.. Command(tiny.New("out")), "--steps", "1", "--lr", "1e-6", .. gate]);
        worse.Code.ShouldBe(3);
        worse.Out.ShouldContain("nothing was changed");
        worse.Out.ShouldContain("letters@1");
        worse.Out.ShouldContain("(by the trainer, fp32)");
        worse.Out.ShouldContain("lines by the serving engine, precision fast: ");
        open.List().Count.ShouldBe(1);

        (await ToolRun.OfAsync([.. Command(tiny.New("out")), "--steps", "60", "--lr", "0.01", .. gate])).Code.ShouldBe(0);
        open.Resolve("letters@prod").Number.ShouldBe(2);
    }

    [Fact]
    public async Task Several_methods_learn_in_one_run()
    {
        string first = tiny.New("out"), second = tiny.New("out"), log = tiny.New("log.jsonl");
        string options = tiny.Write("options.json", $"{{\"with\": [{{\"method\": \"bitfit\", \"config\": {{\"target_modules\": [\"q_proj\"]}}, \"lr\": 0.02, \"out\": \"{second.Replace("\\", "/", StringComparison.Ordinal)}\"}}]}}");

        JsonElement report = await ToolRun.JsonOfAsync([.. Command(first), "--options", options, "--steps", "3", "--log", log]);

        report.GetProperty("adapters").EnumerateArray().Select(a => a.GetProperty("folders")[0].GetString()).ShouldBe([first, second]);
        JsonDocument.Parse(File.ReadAllText(Path.Combine(second, "adapter_config.json"))).RootElement.GetProperty("peft_type").GetString().ShouldBe("SKPEFT_BITFIT");
        JsonDocument.Parse(File.ReadLines(log).First()).RootElement.GetProperty("losses").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Every_adapter_of_a_run_gets_into_the_store_under_its_own_name()
    {
        string store = tiny.New("store"), first = tiny.New("out"), second = tiny.New("out");
        string With(string name) => tiny.Write("options.json",
            $"{{\"with\": [{{\"method\": \"bitfit\", {name}\"config\": {{\"target_modules\": [\"q_proj\"]}}, \"out\": \"{second.Replace("\\", "/", StringComparison.Ordinal)}\"}}]}}");
        string[] command = [.. Command(first), "--steps", "2", "--store", store, "--name", "letters", "--promote", "prod"];

        await ToolRun.FailsAsync(2, [.. command, "--options", With("")], "with[0] (bitfit, out ", Path.GetFileName(second), "has no name", "\"name\"");
        Directory.Exists(first).ShouldBeFalse("nothing was trained");

        JsonElement report = await ToolRun.JsonOfAsync([.. command, "--options", With("\"name\": \"biases\", ")]);

        report.GetProperty("promotions").EnumerateArray().Select(p => p.GetProperty("version").GetString()).ShouldBe(["letters@1", "biases@1"]);
        AdapterStore open = AdapterStore.Open(store);
        open.Resolve("letters@prod").Number.ShouldBe(1);
        open.Resolve("biases@prod").Number.ShouldBe(1);
    }

    [Fact]
    public async Task Adapters_of_tasks_get_into_the_store_by_name_and_task_and_are_compared_on_the_lines_of_their_task()
    {
        string store = tiny.New("store");
        string lines = string.Concat(Enumerable.Range(0, 12).Select(i => $"{{\"text\": \"{(i % 2 == 0 ? "ppp" : "qqq")}{i}\", \"label\": \"{(i % 2 == 0 ? "a" : "b")}\", \"task_id\": {(i < 4 ? 0 : 1)}}}\n"));
        string[] command =
        [
            .. Command(tiny.New("out"), lines, method: "p-tuning"), "--steps", "20", "--lr", "0.01", "--eval", tiny.Write("held.jsonl", lines), "--store", store, "--name", "letters",
            "--promote", "prod", "--if-better", "loss",
        ];

        JsonElement report = await ToolRun.JsonOfAsync([.. command, "--options", tiny.Write("options.json", "{\"start\": {\"task_names\": [\"one\", \"two\"]}}")]);

        JsonElement[] promotions = [.. report.GetProperty("promotions").EnumerateArray()];
        promotions.Select(p => (p.GetProperty("name").GetString(), p.GetProperty("lines").GetInt32())).ShouldBe([("letters-one", 4), ("letters-two", 8)]);
        AdapterStore open = AdapterStore.Open(store);
        promotions.ShouldAllBe(p => p.GetProperty("promoted").GetBoolean() == (open.List().Any(e => e.Version.Name == p.GetProperty("name").GetString())));

        await ToolRun.JsonOfAsync([.. Command(tiny.New("out"), lines, method: "p-tuning"), "--steps", "1", "--store", store, "--name", "plain"]);

        open.Resolve("plain-0").Number.ShouldBe(1);
        open.Resolve("plain-1").Number.ShouldBe(1);
    }

    [Theory]
    [InlineData("{\"init\": \"mean\"}", "start.init is mean")]
    [InlineData("{\"text\": \" \"}", "start.text is ' '")]
    [InlineData("{\"scale\": 1}", "start.scale is 1")]
    [InlineData("{\"init\": 5}", "init: found 5, expected a string")]
    public async Task A_start_that_cannot_be_says_that_training_cannot_start(string start, string what)
    {
        ToolRun run = await ToolRun.OfAsync([.. Command(tiny.New("out")), "--steps", "1", "--options", tiny.Write("options.json", $"{{\"start\": {start}}}")]);

        run.Code.ShouldBe(1);
        run.Error.ShouldContain("(PROMPT_TUNING) cannot start: ");
        run.Error.ShouldContain(what);
        run.Error.ShouldContain("--options");
        run.Error.ShouldNotContain("served");
    }

    [Fact]
    public async Task A_soft_slot_in_a_template_needs_a_method_that_has_them_and_in_a_field_is_text()
    {
        string[] command = [.. Command(tiny.New("out"), Lines().Replace("ppp", "[P1]", StringComparison.Ordinal)), "--steps", "1"];
        int prompt = Array.IndexOf(command, "--prompt") + 1;
        string[] Prompted(string template) => [.. command.Select((word, i) => i == prompt ? template : word)];

        (await ToolRun.OfAsync(command)).Code.ShouldBe(0);
        await ToolRun.FailsAsync(1, [.. Prompted("a [P2] {text}"), "--json"], "'a [P2] {text}'", "slot [P2]", "PROMPT_TUNING has no soft slots", "field");
        await ToolRun.FailsAsync(1, [.. Prompted("<|VIRTUAL_PROMPT_0|>{text}"), "--json"], "<|VIRTUAL_PROMPT_0|>", "no soft slots");
        await ToolRun.FailsAsync(1,
            [.. command, "--json", "--eval", tiny.Write("held.jsonl", Lines()), "--options", tiny.Write("options.json", "{\"eval_prompt\": \"[P1]{text}\"}")], "[P1]", "no soft slots");
    }

    [Fact]
    public async Task The_memory_of_a_run_is_shown_beside_the_bound_on_it()
    {
        ToolRun run = await ToolRun.OfAsync([.. Command(tiny.New("out")), "--steps", "1"]);

        string bound = Regex.Match(run.Error, @"; at most ([0-9,]+) MB beside the model").Groups[1].Value;
        Match shown = Regex.Match(run.Error, @"left  ([0-9,]+) of at most ([0-9,]+) MB beside the model \(process ([0-9,]+) MB\)");
        shown.Groups[2].Value.ShouldBe(bound);
        int Megabytes(int group) => int.Parse(shown.Groups[group].Value, NumberStyles.AllowThousands, CultureInfo.CurrentCulture);
        Megabytes(1).ShouldBeLessThan(Megabytes(2));
        Megabytes(3).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Contradictions_are_wrong_usage()
    {
        string output = tiny.New("out");
        await ToolRun.FailsAsync(2, [.. Command(output), "--chat"], "--prompt", "--chat");
        await ToolRun.FailsAsync(2, [.. Command(output), "--steps", "1", "--epochs", "1"], "--steps", "--epochs");
        await ToolRun.FailsAsync(2, [.. Command(output), "--promote", "prod"], "--store");
        await ToolRun.FailsAsync(2, [.. Command(output), "--store", tiny.New("store")], "--name");
        await ToolRun.FailsAsync(2, [.. Command(output), "--store", tiny.New("store"), "--name", "x", "--promote", "prod", "--if-better", "loss"], "--eval");
        await ToolRun.FailsAsync(2, ["train", tiny.Model, "--method", "prompt-tuning", "--out", output], "--data");
        await ToolRun.FailsAsync(2, [.. Command(output), "--lr", "fast"], "--lr", "fast");
    }

    private string[] Command(string output, string? data = null, string method = "prompt-tuning", string config = Config) =>
    [
        "train", tiny.Model, "--method", method, "--config", tiny.Write("config.json", config), "--data", tiny.Write("data.jsonl", data ?? Lines()),
        "--prompt", "T: {text}\\nL:", "--completion", " {label}", "--out", output, "--batch", "4",
    ];

    private async Task<JsonElement> ScoreAsync(string? adapter) => await ToolRun.JsonOfAsync(
        ["score", tiny.Model, "--data", tiny.Write("data.jsonl", Lines()), "--prompt", "T: {text}\\nL:", "--labels", "a,b", "--precision", "exact", .. adapter is null ? [] : new[] { "--adapter", adapter }]);

    private static double TrueScore(JsonElement report) =>
        report.GetProperty("examples").EnumerateArray().Average(e => e.GetProperty("scores").GetProperty(e.GetProperty("label").GetString()!).GetDouble());

    private static string Lines() => string.Concat(Enumerable.Range(0, 16).Select(i => $"{{\"text\": \"{(i % 2 == 0 ? "ppp" : "qqq")}{i}\", \"label\": \"{(i % 2 == 0 ? "a" : "b")}\"}}\n"));

    private static double[] Losses(JsonElement report) => [.. report.GetProperty("adapters")[0].GetProperty("losses").EnumerateArray().Select(l => l.GetDouble())];
}
