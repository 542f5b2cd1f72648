using System.Net;
using System.Text;
using SkPeft.Connectors.Hosting;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task AClient_ThatGoesAway_EndsItsRequest()
    {
        await using TestServer server = await TestServer.StartAsync();
        using (HttpResponseMessage response = await BeginAsync(server))
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await stream.ReadExactlyAsync(new byte[100], TestContext.Current.CancellationToken);
            server.Drain.Running.ShouldBe(1);
            server.Served.Runtime.Residency.Statistics.Residents.Sum(r => r.Leases).ShouldBe(1);
        }

        while (server.Drain.Running > 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        // It was not read to its end, and its tokens were not counted: it was ended, not finished.
        server.Served.Runtime.Residency.Statistics.Residents.ShouldAllBe(r => r.Leases == 0);
        (await server.GetAsync("/metrics")).Text.ShouldNotContain("skpeft_http_tokens_total{kind=\"output\"");
        server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stopping_TakesNothingNew_AndLetsRunningRequestsFinish()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { ShutdownTimeoutSeconds = 600 });
        using HttpResponseMessage running = await BeginAsync(server, choices: 4);
        Task stopping = server.Server.StopAsync();

        Reply ready = (await server.GetAsync("/ready")).ShouldFail(HttpStatusCode.ServiceUnavailable, null, "shutting_down");
        ready.Error.GetProperty("type").GetString().ShouldBe("server_error");
        (await server.PostAsync("/tokenize", """{ "prompt": "x" }""")).ShouldFail(HttpStatusCode.ServiceUnavailable, null, "shutting_down").Headers.ConnectionClose.ShouldBe(true);
        (await server.GetAsync("/health")).ShouldBe(HttpStatusCode.OK);
        stopping.IsCompleted.ShouldBeFalse();

        string text = await running.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        text.ShouldEndWith("data: [DONE]\n\n");
        await stopping;
        await Should.ThrowAsync<HttpRequestException>(() => server.GetAsync("/health"));
    }

    [Fact]
    public async Task Stopping_CutsOff_WhatTakesLongerThanItMay()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { ShutdownTimeoutSeconds = 0 });
        using HttpResponseMessage running = await BeginAsync(server);

        await server.Server.StopAsync();

        await Should.ThrowAsync<Exception>(async () =>
        {
            string text = await running.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            text.ShouldNotContain("[DONE]");
            throw new HttpIOException(HttpRequestError.ResponseEnded);
        });
        server.Drain.Running.ShouldBe(0);
    }

    [Fact]
    public async Task AModelThatCannotBeOpened_IsToldByKey_AndTheServerIsNeverReady()
    {
        using TemporaryFolder folder = new();
        SkPeftSettings model = new() { Model = "nowhere.gguf", Store = "store" };
        await using PeftHttpServer server = PeftHttpServer.Create(model, TestServer.Settings, folder.Root);
        await server.StartAsync(TestContext.Current.CancellationToken);

        ConfigurationException error = await Should.ThrowAsync<ConfigurationException>(() => server.WaitUntilReadyAsync(TestContext.Current.CancellationToken));

        error.Problems.Single().ShouldStartWith("SkPeft:Model: ");
        using HttpClient client = new() { BaseAddress = new Uri(server.Urls[0]) };
        (await TestServer.SendAsync(client, HttpMethod.Get, "/health", null)).ShouldBe(HttpStatusCode.OK);
        (await TestServer.SendAsync(client, HttpMethod.Get, "/ready", null)).ShouldFail(HttpStatusCode.ServiceUnavailable, null, "model_failed");
        (await TestServer.SendAsync(client, HttpMethod.Post, "/tokenize", "{ \"prompt\": \"x\" }")).ShouldFail(HttpStatusCode.ServiceUnavailable, null, "model_failed");
    }

    [Fact]
    public async Task AnAddressThatIsTaken_IsNamed()
    {
        await using TestServer first = await TestServer.StartAsync();
        SkPeftSettings model = new() { Model = "m", Store = "s" };
        await using PeftHttpServer second = PeftHttpServer.Create(model, new HttpSettings { Urls = [first.Url] }, Path.GetTempPath());

        (await Should.ThrowAsync<ConfigurationException>(() => second.StartAsync(TestContext.Current.CancellationToken))).Message.ShouldContain(first.Url);
    }

    private static async Task<HttpResponseMessage> BeginAsync(TestServer server, int choices = 16)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent(LimitTests.LongAnswer(stream: true, choices), Encoding.UTF8, "application/json"),
        };
        return await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
