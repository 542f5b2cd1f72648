using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using SkPeft.Connectors.Bundles;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary><c>serve --config FILE</c> as a process, while somebody edits the file.</summary>
public sealed class ServeReloadTests : IDisposable
{
    private const string Sentiment = """{ "Name": "sentiment", "Adapter": "sentiment@prod", "Prompt": "Review: {input}\nSentiment:", "Labels": [ "positive", "negative" ] }""";
    private const string Topic = """{ "Name": "news", "Adapter": "topic@1", "Prompt": "{input}" }""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SkillsAndPluginFolders_AreTakenOver_AndWhatCannotBeServedChangesNothing()
    {
        using UnpackedBundle bundle = ModelBundle.OpenShipped().Unpack();
        string plugins = Path.Combine(AppContext.BaseDirectory, "plugins"), more = Directory.CreateDirectory(_folder.PathOf("more")).FullName;
        string settings = Write(Sentiment);
        using Process process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "skpeft.exe" : "skpeft"),
            ["serve", bundle.Bundle.Model, "--store", bundle.Store, "--config", settings, "--threads", "1"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        ConcurrentQueue<string> log = new();
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        try
        {
            string ready = await process.StandardOutput.ReadLineAsync(Token) ?? string.Join('\n', log);
            using HttpClient client = new() { BaseAddress = new Uri(ready.Split(' ')[4].TrimEnd(',')) }, admin = new() { BaseAddress = new Uri(ready.Split(' ')[^1]) };
            (await AskAsync(client, "sentiment")).ShouldBe(HttpStatusCode.OK);
            (await AskAsync(client, "news")).ShouldBe(HttpStatusCode.NotFound);

            Write($"{Sentiment}, {Topic}", $", \"Plugins\": [ {JsonSerializer.Serialize(plugins)}, {JsonSerializer.Serialize(more)} ]");
            await HearAsync("The configuration was read again: 2 skills.");
            (await AskAsync(client, "news")).ShouldBe(HttpStatusCode.OK);

            Write($"{Sentiment}, {Topic.Replace("topic@1", "nobody")}");
            await HearAsync("The changed configuration is not taken over, the one before goes on: The configuration cannot be served. SkPeft:Skills:1:Adapter: There is no adapter 'nobody'.");
            (await AskAsync(client, "news")).ShouldBe(HttpStatusCode.OK);
            (await admin.GetStringAsync("/admin/status", Token)).ShouldContain("There is no adapter");

            Write($"{Sentiment}, {{");
            await HearAsync($"the one before goes on: {settings}:");
            (await AskAsync(client, "sentiment")).ShouldBe(HttpStatusCode.OK);

            Write(Sentiment, ", \"MaxQueue\": 7", ", \"MaxChoices\": 3");
            await HearAsync("The configuration was read again: 1 skills. Changed, but taken over by a restart only: MaxQueue, SkPeftHttp:MaxChoices.");
            (await AskAsync(client, "news")).ShouldBe(HttpStatusCode.NotFound);
            (await AskAsync(client, "sentiment")).ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        async Task HearAsync(string words)
        {
            while (!log.Any(l => l.Contains(words, StringComparison.Ordinal)))
            {
                process.HasExited.ShouldBeFalse(string.Join('\n', log));
                await Task.Delay(50, Token);
            }
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string model)
    {
        using StringContent body = new($$"""{ "model": "{{model}}", "messages": [ { "role": "user", "content": "fun" } ], "max_tokens": 2 }""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync("/v1/chat/completions", body, Token);
        return answer.StatusCode;
    }

    private string Write(string skills, string more = "", string http = "") => _folder.Write(
        "settings.json", $$"""{ "SkPeft": { "WatchPlugins": false{{more}}, "Skills": [ {{skills}} ] }, "SkPeftHttp": { "Urls": "http://127.0.0.1:0", "AdminUrls": "http://127.0.0.1:0"{{http}} } }""");
}
