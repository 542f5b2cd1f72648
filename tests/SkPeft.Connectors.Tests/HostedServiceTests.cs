using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SkPeft.Adapters.Store;
using SkPeft.Connectors.Hosting;
using SkPeft.Plugins;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

/// <summary>A real host: what it opens, how it says that it is ready, what it takes over while it runs, and how it stops.</summary>
public sealed class HostedServiceTests : IDisposable
{
    private const string Echo = """{ "Name": "echo", "Adapter": "red@1", "Prompt": "{input}:", "Default": true }""";

    private const string OneThread = "\"Threads\": 1";

    private readonly TemporaryFolder _folder = new();

    public HostedServiceTests()
    {
        TinyLlama.Write(_folder.PathOf("model"));
        TinyLlama.WriteLora(_folder.PathOf("one"), seed: 1);
        TinyLlama.WriteLora(_folder.PathOf("two"), seed: 2);
        AdapterStore store = AdapterStore.Open(_folder.PathOf("store"));
        store.Add("red", _folder.PathOf("one"), cancellationToken: Token);
        store.Add("blue", _folder.PathOf("two"), cancellationToken: Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Health_FollowsTheHost_FromOpeningToStopping()
    {
        using IHost host = Build(Echo);
        (await HealthAsync(host)).ShouldBe([("live", HealthStatus.Healthy), ("plugins", HealthStatus.Unhealthy), ("ready", HealthStatus.Unhealthy), ("store", HealthStatus.Unhealthy)]);

        // Opened in the background: the start does not wait for it, a request does.
        await host.StartAsync(Token);
        await ClientOf(host).GetResponseAsync("hello", cancellationToken: Token);
        (await HealthAsync(host)).ShouldAllBe(h => h.Status == HealthStatus.Healthy);

        await host.StopAsync(Token);
        (await HealthAsync(host)).ShouldContain(("ready", HealthStatus.Unhealthy));
        (await HealthAsync(host)).ShouldContain(("live", HealthStatus.Healthy));
    }

    [Fact]
    public async Task AClient_BeforeTheModelIsOpened_HasItsMetadata()
    {
        using IHost host = Build(Echo);

        ClientOf(host).GetService<ChatClientMetadata>()!.DefaultModelId.ShouldBe("red@1");
        ClientOf(host).GetService<PeftChatClient>().ShouldBeNull();
        host.Services.GetRequiredKeyedService<IChatClient>("red@1").GetService<ChatClientMetadata>()!.ProviderName.ShouldBe("skpeft");
        await ClientOf(host).GetResponseAsync("nobody started the host", cancellationToken: Token);
        ClientOf(host).GetService<PeftChatClient>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Run_WhatCannotBeOpened_StopsTheHost_AndIsToldToRequestsAndToWhoeverRunsIt()
    {
        using IHost host = Build("""{ "Name": "echo", "Adapter": "missing", "Default": true }""");
        RuntimeHost runtime = host.Services.GetRequiredService<RuntimeHost>();
        Task<ChatResponse> request = ClientOf(host).GetResponseAsync("hello", cancellationToken: Token);

        (await Should.ThrowAsync<ConfigurationException>(() => host.RunAsync(Token))).Problems.Single().ShouldContain("There is no adapter 'missing'.");
        (await Should.ThrowAsync<ConfigurationException>(() => request)).Problems.Single().ShouldStartWith("SkPeft:Skills:0:Adapter");
        RuntimeHealth.OfReadiness(runtime, new Drain()).Description!.ShouldContain("'missing'");
    }

    [Fact]
    public async Task Stop_RunningRequestsFinish_NewOnesAreRefused_ThenLeasesAndContextsAreReleased()
    {
        using IHost host = Build(Echo);
        await host.StartAsync(Token);
        string whole = (await ClientOf(host).GetResponseAsync("hello", Most(12), Token)).Text;
        PeftRuntime runtime = host.Services.GetRequiredService<PeftRuntime>();
        await using IAsyncEnumerator<ChatResponseUpdate> running = ClientOf(host).GetStreamingResponseAsync("hello", Most(12), Token).GetAsyncEnumerator(Token);
        (await running.MoveNextAsync()).ShouldBeTrue();
        string text = running.Current.Text;

        Task stopping = host.StopAsync(CancellationToken.None);
        await Should.ThrowAsync<HostStoppingException>(() => ClientOf(host).GetResponseAsync("hello", Most(1), Token));
        await Should.ThrowAsync<HostStoppingException>(async () => await ClientOf(host).GetStreamingResponseAsync("hello", Most(1), Token).ToListAsync(Token));
        stopping.IsCompleted.ShouldBeFalse();
        runtime.Residency.Statistics.Residents.Sum(r => r.Leases).ShouldBe(1);
        while (await running.MoveNextAsync())
        {
            text += running.Current.Text;
        }

        text.ShouldBe(whole);
        await stopping;
        runtime.Residency.Statistics.Residents.ShouldAllBe(r => r.Leases == 0);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await runtime.Residency.LeaseAsync("red", Token));
        runtime.Plugins.List().ShouldAllBe(p => p.Status != PluginStatus.Active);
    }

    [Fact]
    public async Task Stop_WhatDoesNotFinishInTime_IsCutOff()
    {
        using IHost host = Build(Echo);
        await host.StartAsync(Token);
        PeftRuntime runtime = host.Services.GetRequiredService<PeftRuntime>();
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously), cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<Drain>().Cut.Register(cut.SetResult);
        Task reading = Task.Run(async () =>
        {
            await foreach (ChatResponseUpdate _ in ClientOf(host).GetStreamingResponseAsync("hello", Most(400), Token))
            {
                first.TrySetResult();
                await cut.Task.WaitAsync(Token);
            }
        }, Token);
        (await Task.WhenAny(first.Task, reading)).ShouldBe(first.Task);

        await host.StopAsync(new CancellationToken(canceled: true));

        (await Should.ThrowAsync<HostStoppingException>(() => reading)).Message.ShouldContain("shutdown timeout");
        runtime.Residency.Statistics.Residents.ShouldAllBe(r => r.Leases == 0);
    }

    [Fact]
    public async Task Reload_Skills_ComeAndGoWhileTheHostRuns_AndWhatCannotBeServedChangesNothing()
    {
        using IHost host = Build(Echo);
        await host.StartAsync(Token);
        IChatClient client = ClientOf(host);
        TinyHost.ReceiptOf((await client.GetResponseAsync("hello", cancellationToken: Token)).AdditionalProperties).Reference.ShouldBe("red@1");

        // The file's own signal, as an editor's save gives it.
        Change(host, """{ "Name": "echo", "Adapter": "blue", "Prompt": "{input}:", "Default": true }, { "Name": "more", "Adapter": "red", "Prompt": "{input}" }""");
        while (host.Services.GetRequiredService<RuntimeHost>().Skills.Find("more") is null)
        {
            await Task.Delay(10, Token);
        }

        TinyHost.ReceiptOf((await client.GetResponseAsync("hello", cancellationToken: Token)).AdditionalProperties).Reference.ShouldBe("blue@1");
        TinyHost.ReceiptOf((await client.GetResponseAsync("hello", TinyHost.Options("skill", "more"), Token)).AdditionalProperties).Reference.ShouldBe("red@1");

        string[] broken =
        [
            """{ "Name": "echo", "Adapter": "missing", "Default": true }""", """{ "Name": "echo" }""", """{ "Name": "a", "Adapter": "red", "Prompt": "none" }""",
        ];
        foreach (string skills in broken)
        {
            await ReloadAsync(host, skills);
            TinyHost.ReceiptOf((await client.GetResponseAsync("hello", cancellationToken: Token)).AdditionalProperties).Reference.ShouldBe("blue@1");
            (await HealthAsync(host)).ShouldContain(("ready", HealthStatus.Degraded));
        }

        await ReloadAsync(host, Echo);
        (await HealthAsync(host)).ShouldContain(("ready", HealthStatus.Healthy));
        await Should.ThrowAsync<NoRouteException>(() => client.GetResponseAsync("hello", TinyHost.Options("skill", "more"), Token));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Reload_WhatTakesARestart_IsNamed()
    {
        using IHost host = Build(Echo);
        await host.StartAsync(Token);
        await ClientOf(host).GetResponseAsync("hello", cancellationToken: Token);

        await ReloadAsync(host, Echo, """ "Threads": 2, "MaxQueue": 7 """);

        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        report.Entries["ready"].Description.ShouldBe("Changed, but taken over by a restart only: Threads, MaxQueue.");
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Reload_PluginFolders_MoveWhileTheHostRuns()
    {
        string first = CopyPlugin("first", "SkPeft.Peft.Lora"), second = CopyPlugin("second", "SkPeft.Peft.Lora");
        Directory.CreateDirectory(Path.Combine(second, "Broken"));
        await File.WriteAllTextAsync(Path.Combine(second, "Broken", "Broken.dll"), "no assembly", Token);
        using IHost host = Build(Echo, Folder(first));
        await host.StartAsync(Token);
        await ClientOf(host).GetResponseAsync("hello", cancellationToken: Token);
        PeftRuntime runtime = host.Services.GetRequiredService<PeftRuntime>();
        Active(runtime).ShouldHaveSingleItem().ShouldStartWith(first);

        await ReloadAsync(host, Echo, Folder(second));

        Active(runtime).ShouldHaveSingleItem().ShouldStartWith(second);
        TinyHost.ReceiptOf((await ClientOf(host).GetResponseAsync("hello", cancellationToken: Token)).AdditionalProperties).Reference.ShouldBe("red@1");
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        report.Entries["plugins"].Status.ShouldBe(HealthStatus.Degraded);
        report.Entries["plugins"].Description!.ShouldContain("Broken");
        await host.StopAsync(Token);
    }

    private static string Folder(string path) => $$"""{{OneThread}}, "Plugins": [ {{System.Text.Json.JsonSerializer.Serialize(path)}} ]""";

    private static IChatClient ClientOf(IHost host) => host.Services.GetRequiredService<IChatClient>();

    private static ChatOptions Most(int tokens) => new() { MaxOutputTokens = tokens };

    private static IEnumerable<string> Active(PeftRuntime runtime) => runtime.Plugins.List().Where(p => p.Status == PluginStatus.Active).Select(p => p.Path);

    private static async Task<IReadOnlyList<(string Name, HealthStatus Status)>> HealthAsync(IHost host)
    {
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        return [.. report.Entries.Select(e => (e.Key, e.Value.Status)).OrderBy(e => e.Key, StringComparer.Ordinal)];
    }

    private string CopyPlugin(string root, string name)
    {
        string from = Path.Combine(AppContext.BaseDirectory, "plugins", name), to = Path.Combine(_folder.PathOf(root), name);
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return _folder.PathOf(root);
    }

    private IHost Build(string skills, string more = OneThread)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder.Root });
        Write(skills, more);
        builder.Configuration.AddJsonFile(_folder.PathOf("settings.json"));
        builder.Services.AddLogging();
        builder.Services.AddSkPeft(builder.Configuration);
        return builder.Build();
    }

    private void Write(string skills, string more) => File.WriteAllText(
        _folder.PathOf("settings.json"),
        $$"""{ "SkPeft": { "Model": "model", "Store": "store", "WatchPlugins": false, "MaxOutputTokens": 4, {{more}}, "Skills": [ {{skills}} ] } }""");

    /// <summary>Changes the file, and gives the configuration's signal.</summary>
    private void Change(IHost host, string skills, string more = OneThread)
    {
        Write(skills, more);
        ((IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>()).Reload();
    }

    /// <summary>The same, and waits until it was looked at.</summary>
    private async Task ReloadAsync(IHost host, string skills, string more = OneThread)
    {
        Change(host, skills, more);
        await host.Services.GetRequiredService<SettingsReload>().ApplyAsync();
    }
}
