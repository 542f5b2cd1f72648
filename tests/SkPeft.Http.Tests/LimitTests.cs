using System.Net;
using System.Text.Json;
using SkPeft.Http.Keys;

namespace SkPeft.Http.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task ABody_ThatIsTooLarge_IsRefused()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { MaxRequestBytes = 1000 });

        Reply reply = await server.PostAsync("/tokenize", $$"""{ "prompt": "{{new string('x', 1000)}}" }""");

        reply.ShouldFail(HttpStatusCode.RequestEntityTooLarge, null, "request_too_large", "MaxRequestBytes");
        (await server.PostAsync("/tokenize", $$"""{ "prompt": "{{new string('x', 900)}}" }""")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ARequest_ThatTakesTooLong_IsEnded()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { RequestTimeoutSeconds = 1 });

        // Sixteen answers of a thousand tokens, each with its twenty best: more than a second's work on any machine that runs these tests.
        Reply whole = await server.PostAsync("/v1/completions", LongAnswer(stream: false));
        whole.ShouldFail(HttpStatusCode.GatewayTimeout, null, "deadline", "1 s");

        Reply streamed = await server.PostAsync("/v1/completions", LongAnswer(stream: true));
        streamed.ShouldBe(HttpStatusCode.OK).Lines[^1].ShouldNotBe("[DONE]");
        streamed.Events[^1].GetProperty("error").GetProperty("code").GetString().ShouldBe("deadline");
        server.Served.Runtime.Residency.Statistics.Residents.ShouldAllBe(r => r.Leases == 0);
    }

    [Theory]
    [InlineData("/v1/completions", "\"prompt\": \"The Eagle\"")]
    [InlineData("/v1/chat/completions", "\"messages\": [ { \"role\": \"user\", \"content\": \"name[The Eagle]\" } ]")]
    public async Task ARequest_MaySayItself_HowLongItWaits(string path, string input)
    {
        await using TestServer server = await TestServer.StartAsync();

        // No machine makes a thousand tokens in a tenth of a millisecond.
        Reply reply = await server.PostAsync(path, $$"""{ "model": "describe", {{input}}, "max_tokens": 900, "deadline_ms": 0.1, "logit_bias": { "0": -100, "1": -100, "2": -100 } }""");

        reply.ShouldFail(HttpStatusCode.GatewayTimeout, null, "deadline");
        (await server.PostAsync(path, $$"""{ "model": "describe", {{input}}, "deadline_ms": 0 }""")).ShouldFail(HttpStatusCode.BadRequest, "deadline_ms", "invalid-option");
        (await server.PostAsync(path, $$"""{ "model": "describe", {{input}}, "max_tokens": 1, "deadline_ms": 600000 }""")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void ABudget_FillsSteadily_AndSaysWhen()
    {
        ManualClock clock = new();
        RequestBudget budget = new(perMinute: 3, clock);

        for (int left = 2; left >= 0; left--)
        {
            budget.TryTake(out int remaining).ShouldBeNull();
            remaining.ShouldBe(left);
        }

        budget.TryTake(out _)!.Value.TotalSeconds.ShouldBe(20, 0.01);
        clock.Advance(TimeSpan.FromSeconds(19));
        budget.TryTake(out _)!.Value.TotalSeconds.ShouldBe(1, 0.01);
        clock.Advance(TimeSpan.FromSeconds(1.01));
        budget.TryTake(out _).ShouldBeNull();
        clock.Advance(TimeSpan.FromHours(1));
        Enumerable.Range(0, 4).Select(_ => budget.TryTake(out int _) is null).ShouldBe([true, true, true, false]);
    }

    [Fact]
    public async Task Cors_IsOff_UnlessAnOriginIsNamed()
    {
        await using TestServer open = await TestServer.StartAsync(TestServer.Settings with { CorsOrigins = ["https://app.example.com"] });

        (await AllowedAsync(open.Client, "https://app.example.com")).ShouldBe("https://app.example.com");
        (await AllowedAsync(open.Client, "https://other.example.com")).ShouldBeNull();
        await using TestServer closed = await TestServer.StartAsync();
        (await AllowedAsync(closed.Client, "https://app.example.com")).ShouldBeNull();
    }

    /// <summary>More text than sockets hold on the way: whoever does not read it keeps the server from ending it.</summary>
    internal static string LongAnswer(bool stream, int choices = 16) => JsonSerializer.Serialize(new
    {
        model = "describe", prompt = "The Eagle is a", max_tokens = 1000, n = choices, logprobs = 20, temperature = 1, seed = 1, stream, logit_bias = new Dictionary<string, int> { ["0"] = -100, ["1"] = -100, ["2"] = -100 },
    });

    private static async Task<string?> AllowedAsync(HttpClient client, string origin)
    {
        using HttpRequestMessage request = new(HttpMethod.Options, "/v1/chat/completions")
        {
            Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "content-type" } },
        };
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? allowed) ? string.Join(", ", allowed) : null;
    }
}
