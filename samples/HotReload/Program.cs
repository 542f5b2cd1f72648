using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.DependencyInjection;
using SkPeft;
using SkPeft.Adapters.Store;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Skills;
using SkPeft.Plugins;

// Requests run all the time. Meanwhile an adapter is promoted and a plugin's file is replaced; receipts say who answered.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
string? model = builder.Configuration["Model"], storeFolder = builder.Configuration["Store"], name = builder.Configuration["Adapter"];
if (model is not null && (storeFolder is null || name is null))
{
    Console.Error.WriteLine("To a model of your own belong a store, and an adapter of which the store has two versions; its README.md has the commands:");
    Console.Error.WriteLine("  dotnet run -c Release --project samples/HotReload -- --Model MODEL --Store FOLDER --Adapter NAME");
    return 1;
}

// A copy of the plugins, so that the one that is replaced below is ours.
string plugins = Directory.CreateTempSubdirectory("skpeft-hot-reload-").FullName;
UnpackedBundle? shipped = null;
try
{
    if (model is null)
    {
        shipped = ModelBundle.OpenShipped().Unpack();
        (model, storeFolder, name) = (shipped.Bundle.Model, shipped.Store, "mine");
        AddTwoVersions(shipped, name);
    }

    CopyFolder(Path.Combine(AppContext.BaseDirectory, "plugins"), plugins);
    builder.Services.AddSkPeft(new SkPeftSettings
    {
        Model = model,
        Store = storeFolder!,
        Plugins = [plugins],
        MaxOutputTokens = 16,
        Skills = [new SkillDefinition { Name = "live", Adapter = $"{name}@live", Prompt = "{input}", Default = true }],
    });
    using IHost host = builder.Build();
    PeftRuntime runtime = host.Services.GetRequiredService<PeftRuntime>();
    runtime.Store.Promote($"{name}@1", "live");
    await host.StartAsync();
    await RunAsync(runtime, host.Services.GetRequiredService<IChatClient>(), plugins, name!);
    await host.StopAsync();
    return 0;
}
catch (SkPeftException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
finally
{
    Directory.Delete(plugins, recursive: true);
    shipped?.Dispose();
}

// Two skills of this repository's model, each of another method, as versions 1 and 2 of one name.
static void AddTwoVersions(UnpackedBundle shipped, string name)
{
    AdapterStore store = AdapterStore.Open(shipped.Store);
    foreach (BundledSkill skill in shipped.Bundle.Skills.Take(2))
    {
        store.Add(name, skill.Adapter);
    }
}

static async Task RunAsync(PeftRuntime runtime, IChatClient client, string plugins, string name)
{
    ConcurrentQueue<Receipt> receipts = new();
    using CancellationTokenSource stop = new();
    Task<int>[] readers = [.. Enumerable.Range(0, 3).Select(_ => AskAsync(client, receipts, stop.Token))];

    Receipt first = await NextAsync(receipts, _ => true, readers);
    Console.WriteLine($"serving:  {first.Reference}, {Plugin(first)}");

    AliasFlip flip = runtime.Store.Promote($"{name}@2", "live");
    Console.WriteLine($"promoted: {name}@live means version {flip.To} now");
    Receipt promoted = await NextAsync(receipts, r => r.Version == 2, readers);
    Console.WriteLine($"serving:  {promoted.Reference}, {Plugin(promoted)}");

    // Another build of the plugin would do; here it is the same code in a file that differs. The watcher sees it, checks it, and takes it.
    string file = Path.Combine(plugins, promoted.Plugin!.Name, $"{promoted.Plugin.Name}.dll");
    byte[] build = [.. await File.ReadAllBytesAsync(file), 0];
    await File.WriteAllBytesAsync(file, build);
    Console.WriteLine($"replaced: {Path.GetFileName(file)}");
    Receipt reloaded = await NextAsync(receipts, r => r.Plugin!.Generation > promoted.Plugin.Generation, readers);
    Console.WriteLine($"serving:  {reloaded.Reference}, {Plugin(reloaded)}");

    await stop.CancelAsync();
    int[] answers = await Task.WhenAll(readers);
    Console.WriteLine($"{answers.Sum()} answers, none failed; plugins in memory:");
    foreach (PluginInfo plugin in runtime.Plugins.List().Where(p => p.Name == reloaded.Plugin!.Name))
    {
        Console.WriteLine($"  {plugin.Name}, generation {plugin.Generation}: {plugin.Status}");
    }
}

static async Task<int> AskAsync(IChatClient client, ConcurrentQueue<Receipt> receipts, CancellationToken stop)
{
    int answers = 0;
    for (; !stop.IsCancellationRequested; answers++)
    {
        ChatResponse response = await client.GetResponseAsync("Once upon a time", cancellationToken: CancellationToken.None);
        receipts.Enqueue((Receipt)response.AdditionalProperties![Receipt.PropertyName]!);
    }

    return answers;
}

// The next receipt that shows it; a request that failed ends the wait.
static async Task<Receipt> NextAsync(ConcurrentQueue<Receipt> receipts, Func<Receipt, bool> shows, Task<int>[] readers)
{
    DateTimeOffset end = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1);
    while (TimeProvider.System.GetUtcNow() < end)
    {
        while (receipts.TryDequeue(out Receipt? receipt))
        {
            if (shows(receipt))
            {
                return receipt;
            }
        }

        if (readers.FirstOrDefault(r => r.IsCompleted) is { } ended)
        {
            await ended;
        }

        await Task.Delay(TimeSpan.FromMilliseconds(20));
    }

    throw new TimeoutException("Nothing changed within a minute.");
}

static string Plugin(Receipt receipt) => $"{receipt.Plugin!.Name} generation {receipt.Plugin.Generation} ({receipt.Plugin.Sha256[..12]})";

static void CopyFolder(string from, string to)
{
    foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
    {
        string target = Path.Combine(to, Path.GetRelativePath(from, file));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target);
    }
}
