using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Http.Hosting;

namespace SkPeft.Http.Tests;

/// <summary>The repository's own model behind a real socket; every server has a store of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly UnpackedBundle _bundle;
    private readonly PeftHttpServer _server;

    private TestServer(UnpackedBundle bundle, PeftHttpServer server, RecordedLog log)
    {
        (_bundle, _server, Log) = (bundle, server, log);
        Client = new HttpClient { BaseAddress = new Uri(server.Urls[0]), Timeout = Timeout.InfiniteTimeSpan };
        Admin = new HttpClient { BaseAddress = new Uri(server.AdminUrls[0]), Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Client { get; }

    public HttpClient Admin { get; }

    public string Url => _server.Urls[0];

    public string AdminUrl => _server.AdminUrls[0];

    public RecordedLog Log { get; }

    public PeftHttpServer Server => _server;

    internal Drain Drain => _server.Services.GetRequiredService<Drain>();

    internal ServedRuntime Served => _server.Services.GetRequiredService<ModelHost>().Served;

    public static HttpSettings Settings { get; } = new() { Urls = ["http://127.0.0.1:0"], AdminUrls = ["http://127.0.0.1:0"] };

    public static async Task<TestServer> StartAsync(HttpSettings? settings = null, Func<SkPeftSettings, SkPeftSettings>? model = null)
    {
        UnpackedBundle bundle = ModelBundle.OpenShipped().Unpack();
        SkPeftSettings served = bundle.Bundle.SettingsFor(bundle.Store) with { AllowBase = true, Threads = 1, WatchPlugins = false, MaxOutputTokens = 24 };
        RecordedLog log = new();
        PeftHttpServer server = PeftHttpServer.Create(model?.Invoke(served) ?? served, settings ?? Settings, bundle.Store, logging => logging.AddProvider(log));
        await server.StartAsync(TestContext.Current.CancellationToken);
        await server.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return new TestServer(bundle, server, log);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Admin.Dispose();
        await _server.DisposeAsync();
        _bundle.Dispose();
    }

    public Task<Reply> PostAsync(string path, string json, string? key = null) => SendAsync(Client, HttpMethod.Post, path, json, key);

    public Task<Reply> GetAsync(string path, string? key = null) => SendAsync(Client, HttpMethod.Get, path, null, key);

    public static async Task<Reply> SendAsync(HttpClient client, HttpMethod method, string path, string? json, string? key = null)
    {
        using HttpRequestMessage request = new(method, path);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Reply.OfAsync(response);
    }
}

/// <summary>An answer, read whole.</summary>
public sealed record Reply(HttpStatusCode Status, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public JsonElement Error => Json.GetProperty("error");

    /// <summary>The documents of a stream, <c>[DONE]</c> not among them.</summary>
    public IReadOnlyList<JsonElement> Events => [.. Lines.Where(l => l != "[DONE]").Select(l => JsonElement.Parse(l))];

    public IReadOnlyList<string> Lines => [.. Text.Split('\n').Where(l => l.Length > 0).Select(l => l.StartsWith("data: ", StringComparison.Ordinal) ? l[6..] : throw new FormatException(l))];

    public static async Task<Reply> OfAsync(HttpResponseMessage response) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers);

    public string Header(string name) => string.Join(", ", Headers.GetValues(name));

    public Reply ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }

    /// <summary>Sees to OpenAI's form of an error, and to what it says.</summary>
    public Reply ShouldFail(HttpStatusCode status, string? param, string code, params string[] words)
    {
        Status.ShouldBe(status, Text);
        Error.EnumerateObject().Select(p => p.Name).ShouldBe(["message", "type", "param", "code"]);
        Error.GetProperty("param").GetString().ShouldBe(param);
        Error.GetProperty("code").GetString().ShouldBe(code);
        foreach (string word in words)
        {
            Error.GetProperty("message").GetString()!.ShouldContain(word);
        }

        return this;
    }
}
