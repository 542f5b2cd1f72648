using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary><c>chat</c>, <c>demo</c>, <c>bench</c>, <c>plugins</c>.</summary>
public class SessionTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    [Fact]
    public async Task Demo_OnAModelOfTheUsersOwn_ShowsEveryMethod_APromotion_AndAReplacedPlugin()
    {
        ToolRun run = await ToolRun.OfAsync("demo", "--model", tiny.Model);

        run.Code.ShouldBe(0, run.Error);
        run.Out.ShouldContain($"seeded random ones for {tiny.Model}");
        string[][] cells = DemoRows.Of(run.Out);
        cells.Select(c => c[3]).Distinct().Count().ShouldBe(5);
        cells.Select(c => c[2]).ShouldBe(["sentiment@1", "summary@1", "title@1", "intent@1", "advice@1", "sentiment@2", "sentiment@2"]);
        cells[^1][8].ShouldBe("2");
        cells[^1][7].ShouldNotBe(cells[^2][7]);
        cells[^1][^1].ShouldBe(cells[^2][^1]);
        run.Out.ShouldContain("was unloaded");
    }

    [Fact]
    public async Task Chat_AnswersThroughSkillsAndAdapters_AndABadLineDoesNotEndIt()
    {
        string store = tiny.New("store");
        _ = await ToolRun.JsonOfAsync("adapters", "add", "tone", tiny.Lora, "--store", store);
        string skills = tiny.Write("skills.json", """{"SkPeft": {"Skills": [{"Name": "mood", "Adapter": "tone@1", "Prompt": "T: {input}\n=", "Labels": ["b", "xy"]}]}}""");

        ToolRun run = await ToolRun.TalkAsync(
            "/nonsense\n/skill nothing\n/skill mood\n/why\nhello\nhello again\n/adapter tone@1\n/why\n/adapter gone\n/plugins\n/stats\n/exit\nnot read\n",
            "chat", tiny.Model, "--store", store, "--skills", skills, "--max-tokens", "4");

        run.Code.ShouldBe(0, run.Error);
        run.Error.ShouldContain("/nonsense");
        run.Error.ShouldContain("'nothing'");
        run.Error.ShouldContain("gone");
        run.Out.ShouldContain("mood> tone@1: skill 'mood' was asked for.");
        run.Out.ShouldContain("tone@1> tone@1: adapter 'tone@1' was asked for.");
        run.Out.Split('\n').Count(line => line.Contains("answered by tone@1: LORA", StringComparison.Ordinal)).ShouldBe(2);
        run.Out.ShouldContain("%");
        run.Out.ShouldContain("SkPeft.Peft.Lora");
        run.Out.ShouldContain("2 answers");
    }

    [Fact]
    public async Task Chat_WithoutASkill_IsAConversationInTheModelsOwnTemplate()
    {
        string store = tiny.New("store");
        _ = await ToolRun.JsonOfAsync("adapters", "add", "tone", tiny.Lora, "--store", store);

        ToolRun run = await ToolRun.TalkAsync("one\ntwo\n/adapter tone\nthree", "chat", tiny.Model, "--store", store, "--max-tokens", "4");

        run.ShouldSatisfyAllConditions(() => run.Code.ShouldBe(0), () => run.Error.ShouldBeEmpty());
        run.Out.Split('\n').Count(line => line.StartsWith("answered by base: the bare model", StringComparison.Ordinal)).ShouldBe(2);
        run.Out.Split('\n').Count(line => line.StartsWith("answered by tone@1", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Chat_SkillsThatAreWrong_AreNamedByTheirKey()
    {
        string skills = tiny.Write("skills.json", """{"Skills": [{"Name": "mood", "Adapter": "bad name"}]}""");

        await ToolRun.FailsAsync(1, ["chat", tiny.Model, "--store", tiny.New("store"), "--skills", skills], "Skills:0:Adapter");
        await ToolRun.FailsAsync(1, ["chat", tiny.Model, "--store", tiny.New("store"), "--skills", tiny.Write("s.json", "{")], "s.json");
        await ToolRun.FailsAsync(1, ["chat", tiny.Model, "--store", tiny.New("store"), "--skills", tiny.Write("s.json", "{}")], "s.json", "Skills");
        await ToolRun.FailsAsync(1, ["chat", tiny.Model, "--store", tiny.New("store"), "--skills", tiny.Write("s.json", "[1]")], "s.json", "an array");
        await ToolRun.FailsAsync(1, ["chat", tiny.Model, "--store", tiny.New("store"), "--skills", tiny.Write("s.json", "{\"Skills\": 1, \"skills\": 2}")], "s.json", "key");
    }

    [Theory]
    [InlineData("decode", "0")]
    [InlineData("prefill", "0")]
    [InlineData("prefill", "5")]
    public async Task Bench_GivesTheMedianOfItsRuns(string what, string context)
    {
        JsonElement result = await ToolRun.JsonOfAsync("bench", what, tiny.Model, "--tokens", "9", "--context", context, "--repeat", "3", "--threads", "1");

        double[] runs = [.. result.GetProperty("runs").EnumerateArray().Select(r => r.GetDouble()).Order()];
        runs.Length.ShouldBe(3);
        runs[0].ShouldBeGreaterThan(0);
        result.GetProperty("tokens_per_s").GetDouble().ShouldBe(runs[1]);
    }

    [Fact]
    public async Task BenchTraffic_CountsHitsAndEvictions_OfABudgetThatIsTooSmall()
    {
        JsonElement result = await ToolRun.JsonOfAsync(
            "bench", "traffic", tiny.Model, "--skills", "5", "--resident", "2", "--requests", "20", "--concurrency", "2", "--repeat", "2", "--prompt-tokens", "3", "--new-tokens", "2", "--threads", "1");

        // Each side asks 20 times in each of 2 rounds; what one resident adapter answers is leased once a round, and hits.
        double rate = result.GetProperty("hit_rate").GetDouble();
        rate.ShouldBeInRange(0.1, 0.95);
        result.GetProperty("evictions").GetInt64().ShouldBeGreaterThan(0);
        result.GetProperty("ttft_p99_ratio").GetDouble().ShouldBe(
            result.GetProperty("traffic").GetProperty("ttft_ms").GetProperty("p99").GetDouble() / result.GetProperty("single").GetProperty("ttft_ms").GetProperty("p99").GetDouble(), 1e-9);
        JsonElement all = await ToolRun.JsonOfAsync(
            "bench", "traffic", tiny.Model, "--skills", "2", "--resident", "2", "--requests", "20", "--concurrency", "2", "--repeat", "1", "--prompt-tokens", "3", "--new-tokens", "2", "--threads", "1");
        (all.GetProperty("hit_rate").GetDouble(), all.GetProperty("evictions").GetInt64()).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Bench_Training_AsksWithAndWithoutATrainingBeside()
    {
        JsonElement result = await ToolRun.JsonOfAsync(
            "bench", "training", tiny.Model, "--requests", "4", "--concurrency", "2", "--repeat", "2", "--prompt-tokens", "3", "--new-tokens", "4", "--batch", "2", "--line-tokens", "5");

        result.GetProperty("alone").GetProperty("tokens_per_s").GetDouble().ShouldBeGreaterThan(0);
        result.GetProperty("beside_training").GetProperty("ttft_ms").GetProperty("p99").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task BenchSwap_ComparesPromotedWithResident()
    {
        JsonElement result = await ToolRun.JsonOfAsync("bench", "swap", tiny.Model, "--repeat", "3", "--prompt-tokens", "3", "--threads", "1");

        result.GetProperty("file_bytes").GetInt64().ShouldBeGreaterThan(0);
        result.GetProperty("resident_ms").GetDouble().ShouldBeGreaterThan(0);
        await ToolRun.FailsAsync(2, ["bench", "swap", tiny.Model, "--method", "nonsense"], "nonsense", "LORA");
        await ToolRun.FailsAsync(2, ["bench", "training", tiny.Model, "--methods", "nonsense"], "nonsense", "LORA");
        await ToolRun.FailsAsync(2, ["bench", "swap", tiny.Model, "--method", ","], "--method: nothing");
        await ToolRun.FailsAsync(2, ["bench", "traffic", tiny.Model, "--methods", ","], "--methods");
        await ToolRun.FailsAsync(2, ["bench", "serve", tiny.Model, "--methods", "lora,nonsense"], "--methods: there is no method 'nonsense'", "LORA");
        await ToolRun.FailsAsync(2, ["bench", "memory", tiny.Model, "--methods", "trainable_tokens"], "--methods", "token_indices is empty", "trainable_tokens=adapter_config.json");
        foreach (string what in new[] { "serve", "memory" })
        {
            await ToolRun.FailsAsync(2, ["bench", what, tiny.Model, "--tenants", "0"], "--tenants", "'0'", "1 to 1024");
        }

        foreach (string what in new[] { "serve", "batch", "traffic", "swap", "memory" })
        {
            await ToolRun.FailsAsync(1, ["bench", what, "nowhere.gguf"], "nowhere.gguf", "no such file");
        }
    }

    [Fact]
    public async Task Plugins_AreListedWithTheirMethods()
    {
        JsonElement plugins = await ToolRun.JsonOfAsync("plugins", "list");

        string[] methods = [.. plugins.EnumerateArray().SelectMany(p => p.GetProperty("methods").EnumerateArray()).Select(m => m.GetProperty("peft_type").GetString()!)];
        plugins.GetArrayLength().ShouldBe(Directory.GetFiles(Path.Combine(SharedFolder.RepositoryRoot, "PeftPlugins"), "*.csproj", SearchOption.AllDirectories).Length);
        methods.ShouldBeUnique();
        methods.ShouldContain("LORA");
        methods.ShouldContain("SKPEFT_IAPT");
        plugins.EnumerateArray().ShouldAllBe(p => p.GetProperty("status").GetString() == "active");
        (await ToolRun.OfAsync("plugins", "list")).Out.ShouldContain("PREFIX_TUNING");
    }
}
