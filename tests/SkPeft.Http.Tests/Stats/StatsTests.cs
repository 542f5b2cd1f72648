using System.Net;
using System.Text.Json;
using SkPeft.Engine.Scheduling;
using SkPeft.Http.Hosting;
using SkPeft.Http.Stats;

namespace SkPeft.Http.Tests.Stats;

public sealed class StatsTests
{
    [Fact]
    public async Task Stats_CountWhatEachModuleRan_AndHowLongAnswersTook()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await GetAsync(server)).GetProperty("latency").GetProperty("first_token").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement answer = (await server.PostAsync("/v1/completions", """{ "model": "describe", "prompt": "The Eagle", "max_tokens": 3, "logit_bias": { "0": -100, "1": -100, "2": -100 } }""")).ShouldBe(HttpStatusCode.OK).Json;
        (await server.PostAsync("/v1/chat/completions", """{ "model": "sentiment", "messages": [ { "role": "user", "content": "great fun" } ] }""")).ShouldBe(HttpStatusCode.OK);

        JsonElement stats = await GetAsync(server);

        JsonElement describe = Module(stats, "describe@1");
        describe.GetProperty("method").GetString().ShouldBe("LORA");
        describe.GetProperty("prompt_tokens").GetInt64().ShouldBe(answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt64());

        // The last token of an answer is never run: nothing follows it.
        describe.GetProperty("answer_tokens").GetInt64().ShouldBe(2);
        Module(stats, "sentiment@1").GetProperty("prompt_tokens").GetInt64().ShouldBeGreaterThan(3);
        Module(stats, "base").GetProperty("method").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement engine = stats.GetProperty("engine");
        (engine.GetProperty("running").GetInt32(), engine.GetProperty("waiting").GetInt32(), engine.GetProperty("max_running").GetInt32()).ShouldBe((0, 0, 32));
        engine.GetProperty("prompt_tokens").GetInt64().ShouldBe(stats.GetProperty("modules").EnumerateArray().Sum(m => m.GetProperty("prompt_tokens").GetInt64()));
        JsonElement latency = stats.GetProperty("latency");
        latency.GetProperty("answers").GetInt32().ShouldBe(2);
        double[] first = [.. new[] { "p50", "p90", "p99" }.Select(p => latency.GetProperty("first_token").GetProperty(p).GetDouble())];
        first.ShouldBe(first.Order());
        latency.GetProperty("answer").GetProperty("p99").GetDouble().ShouldBeGreaterThanOrEqualTo(first[2]);
        JsonElement memory = stats.GetProperty("memory");
        memory.GetProperty("model").GetInt64().ShouldBe(new FileInfo(server.Served.Runtime.Model.Path).Length);
        memory.GetProperty("adapters").GetProperty("count").GetInt32().ShouldBe(4);
        memory.GetProperty("key_values").GetProperty("used").GetInt64().ShouldBeInRange(1, memory.GetProperty("key_values").GetProperty("held").GetInt64());
    }

    [Fact]
    public void Percentiles_AreTimesThatWereMeasured()
    {
        Percentiles.Of([]).ShouldBeNull();
        Percentiles.Of([7.0]).ShouldBe(new Percentiles(7, 7, 7));
        Percentiles.Of(Enumerable.Range(1, 100).Reverse().Select(i => (double)i)).ShouldBe(new Percentiles(50, 90, 99));
        Percentiles.Of([1, 2, 3]).ShouldBe(new Percentiles(2, 3, 3));
    }

    [Fact]
    public void AnswersOfFiveMinutesAgo_CountNoMore()
    {
        ManualClock clock = new();
        RecentAnswers answers = new(clock);
        answers.Add(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(9), null);
        clock.Advance(TimeSpan.FromMinutes(4));
        answers.Add(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.5));

        answers.Read().ShouldBe(new LatencyBody(300, 2, new Percentiles(1, 9, 9), new Percentiles(0.5, 0.5, 0.5), new Percentiles(2, 9, 9)));
        clock.Advance(TimeSpan.FromMinutes(1.5));
        answers.Read().ShouldBe(new LatencyBody(300, 1, new Percentiles(1, 1, 1), new Percentiles(0.5, 0.5, 0.5), new Percentiles(2, 2, 2)));
        clock.Advance(TimeSpan.FromMinutes(5));
        answers.Read().ShouldBe(new LatencyBody(300, 0, null, null, null));
    }

    [Fact]
    public void History_TellsRates_AndForgets()
    {
        ManualClock clock = new();
        using ActivityHistory history = new(new ModelHost(new Connectors.Hosting.SkPeftSettings { Model = "m", Store = "s" }, "", Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, clock, new object()), clock);
        history.Points().ShouldBeEmpty();
        for (int i = 0; i < 200; i++)
        {
            history.Add(new Sample(clock.GetTimestamp(), clock.GetUtcNow(), i, 0, 10 * i, 4 * i, 1000), [new AdapterActivity("a@1", 1, 0, 10 * i, 4 * i)]);
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        history.Points().Count.ShouldBe(149);
        history.Points().ShouldAllBe(p => p.PromptTokensPerSecond == 5 && p.AnswerTokensPerSecond == 2);
        history.Points()[^1].Running.ShouldBe(199);

        // Half a minute: the oldest of the fifteen looks kept is of 30 s ago.
        history.RatesOf(new AdapterActivity("a@1", 0, 0, 2000, 800)).ShouldBe((5.0, 2.0));
        history.RatesOf(new AdapterActivity("new@1", 0, 0, 60, 30)).ShouldBe((2.0, 1.0));
    }

    private static async Task<JsonElement> GetAsync(TestServer server) => (await TestServer.SendAsync(server.Admin, HttpMethod.Get, "/admin/stats", null)).ShouldBe(HttpStatusCode.OK).Json;

    private static JsonElement Module(JsonElement stats, string name) => stats.GetProperty("modules").EnumerateArray().Single(m => m.GetProperty("module").GetString() == name);
}
