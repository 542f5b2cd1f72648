using System.Net;
using System.Security.Cryptography;
using System.Text;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

public sealed class PriorityTests : IDisposable
{
    private const string Plain = "key-without-a-word-of-priority";
    private const string Urgent = "key-that-may-go-before-others";
    private const string Patient = "key-of-what-runs-at-night";
    private const string Completions = "/v1/completions";
    private const string Ask = "\"model\": \"describe\", \"prompt\": \"The Eagle\"";

    // Far more than a second's work on any machine that runs these tests, and no token of it ends an answer.
    private const string LongWork = $$"""{ {{Ask}}, "n": 4, "max_tokens": 900, "logprobs": 20, "logit_bias": { "0": -100, "1": -100, "2": -100 } }""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TheLowerNumber_TakesThePlaceOfTheHigher_AlsoForLabels()
    {
        await using TestServer server = await StartAsync();
        Task<Reply> work = server.PostAsync(Completions, LongWork, Urgent);
        while (server.Served.Runtime.Model.Engine.Statistics.Running == 0)
        {
            await Task.Yield();
        }

        // The same key, so the same tenant: nothing but the number lets them in before the three answers that wait.
        (await server.PostAsync("/v1/chat/completions", """{ "model": "sentiment", "messages": [ { "role": "user", "content": "fun" } ], "priority": -1 }""", Urgent)).ShouldBe(HttpStatusCode.OK);
        (await server.PostAsync(Completions, $$"""{ {{Ask}}, "max_tokens": 1, "priority": -2 }""", Urgent)).ShouldBe(HttpStatusCode.OK);
        work.IsCompleted.ShouldBeFalse();
        server.Served.Runtime.Model.Engine.Statistics.Preemptions.ShouldBeGreaterThanOrEqualTo(2);

        (await server.PostAsync(Completions, $$"""{ {{Ask}}, "max_tokens": 1, "priority": 1 }""", Urgent)).ShouldBe(HttpStatusCode.OK);
        server.Served.Runtime.Model.Engine.Statistics.Running.ShouldBe(0);
        (await work).ShouldBe(HttpStatusCode.OK).Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(4 * 900);
    }

    [Fact]
    public async Task AKey_IsNotSoonerThanItsFileSays()
    {
        await using TestServer server = await StartAsync();

        (await AskAsync(server, Plain, "0")).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, Plain, "7")).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, Plain, "-1")).ShouldFail(HttpStatusCode.Forbidden, "priority", "priority_not_allowed", "'plain'", "0 or more", "min_priority");
        (await AskAsync(server, Urgent, "-5")).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, Urgent, "-6")).ShouldFail(HttpStatusCode.Forbidden, "priority", "priority_not_allowed", "-5 or more");
        (await AskAsync(server, Patient, "9")).ShouldFail(HttpStatusCode.Forbidden, "priority", "priority_not_allowed");
        (await AskAsync(server, Patient, "null")).ShouldBe(HttpStatusCode.OK);
        foreach (string wrong in new[] { "\"high\"", "1.5", "true", "99999999999" })
        {
            (await AskAsync(server, Urgent, wrong)).ShouldFail(HttpStatusCode.BadRequest, "priority", "invalid_value", "a whole number");
        }
    }

    [Fact]
    public async Task ALabel_HasADeadlineToo()
    {
        await using TestServer server = await StartAsync();

        (await server.PostAsync("/v1/chat/completions", """{ "model": "sentiment", "messages": [ { "role": "user", "content": "fun" } ], "deadline_ms": 0.0001 }""", Plain))
            .ShouldFail(HttpStatusCode.GatewayTimeout, null, "deadline");
    }

    private static Task<Reply> AskAsync(TestServer server, string key, string priority) =>
        server.PostAsync(Completions, $$"""{ {{Ask}}, "max_tokens": 1, "priority": {{priority}} }""", key);

    private async Task<TestServer> StartAsync()
    {
        string file = _folder.Write("keys.json", $$"""
            { "keys": [
                { "name": "plain", "sha256": "{{Hash(Plain)}}" },
                { "name": "urgent", "sha256": "{{Hash(Urgent)}}", "min_priority": -5 },
                { "name": "patient", "sha256": "{{Hash(Patient)}}", "min_priority": 10 } ] }
            """);
        return await TestServer.StartAsync(TestServer.Settings with { KeyFile = file }, model => model with { MaxRunning = 1 });
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
