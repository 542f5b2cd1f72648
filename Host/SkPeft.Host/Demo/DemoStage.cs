using Microsoft.Extensions.AI;
using SkPeft.Connectors;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Routing;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Plugins;

namespace SkPeft.Host.Demo;

/// <summary>What every demo does: opens a model with plugins of its own, asks, replaces a plugin, and shows the receipts.</summary>
internal sealed class DemoStage : IDisposable
{
    private const int ShownInTable = 40;

    private readonly ToolConsole _console;
    private readonly ReceiptTable _receipts = new();
    private readonly PluginLog _log;
    private readonly string _plugins;
    private readonly PeftChatClient _client;

    /// <param name="console">Where it is shown.</param>
    /// <param name="settings">Model, store and skills; plugins are this class's own.</param>
    public DemoStage(ToolConsole console, SkPeftSettings settings)
    {
        (_console, _log) = (console, new PluginLog(Say));
        try
        {
            _plugins = Folder.CopyPlugins(PluginFolder.Path);
            Runtime = PeftRuntime.Open(settings with { Plugins = [_plugins], WatchPlugins = false }, Environment.CurrentDirectory, _log, console.Time);
            _client = Runtime.CreateClient();
        }
        catch
        {
            Folder.Dispose();
            throw;
        }
    }

    public PeftRuntime Runtime { get; }

    public DemoFolder Folder { get; } = new();

    public void Say(string line)
    {
        lock (_console)
        {
            _console.Out.WriteLine(line);
            _console.Flush();
        }
    }

    public void SayStored(AdapterVersion version) =>
        Say($"stored {version.Reference}: {version.PeftType}, {version.Bytes:N0} bytes, {version.Digest[..12]}");

    /// <summary>Asks a skill.</summary>
    /// <returns>The answer's text and receipt; the receipt is in the table as well.</returns>
    public Task<(string Answer, Receipt Receipt)> AskAsync(string skill, string question, CancellationToken cancellation) => AskAsync(skill, null, question, cancellation);

    /// <summary>Asks the bare model in the skill's prompt and labels.</summary>
    public Task<(string Answer, Receipt Receipt)> AskBaseAsync(string skill, string question, CancellationToken cancellation) =>
        AskAsync(skill, SkillRouter.Base, question, cancellation);

    public async Task ReplacePluginAsync(string plugin, CancellationToken cancellation)
    {
        // Bytes behind the end of an assembly mean nothing to the runtime, and give it another digest: a new build, as far as anyone can tell.
        string file = Path.Combine(_plugins, plugin, plugin + ".dll");
        byte[] stamped = [.. await File.ReadAllBytesAsync(file, cancellation), .. "demo"u8];
        await File.WriteAllBytesAsync(file, stamped, cancellation);
        Say("");
        Say($"replacing {plugin}.dll while the process runs:");
        _log.Chatty = true;
        Runtime.Plugins.Refresh();

        // The old generation leaves when its adapters have been let go; nobody has to wait for it, but here it should be seen.
        for (int i = 0; i < 100 && Runtime.Plugins.List().Any(p => p.Name == plugin && p.Status is PluginStatus.Draining or PluginStatus.Unloading); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _console.Time, cancellation);
        }

        _log.Chatty = false;
    }

    public void ShowReceipts()
    {
        Say("");
        _console.People.Write(_receipts.Table);
        _console.Flush();
    }

    public void Dispose()
    {
        _client.Dispose();
        Runtime.Dispose();
        Folder.Dispose();
    }

    private async Task<(string Answer, Receipt Receipt)> AskAsync(string skill, string? adapter, string question, CancellationToken cancellation)
    {
        ChatOptions options = new() { AdditionalProperties = new() { ["skill"] = skill } };
        if (adapter is not null)
        {
            options.AdditionalProperties["adapter"] = adapter;
        }

        ChatResponse response = await _client.GetResponseAsync([new ChatMessage(ChatRole.User, question)], options, cancellation);
        var receipt = (Receipt)response.AdditionalProperties![Receipt.PropertyName]!;
        _receipts.Add(Printable.Of(response.Text, ShownInTable), receipt);
        return (response.Text, receipt);
    }
}
