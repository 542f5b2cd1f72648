using Microsoft.Extensions.AI;
using SkPeft.Connectors;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.Engine.Models.Loading;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Plugins;

namespace SkPeft.Host.Demo;

/// <summary>The main job from beginning to end: skills of different methods, a promotion and a replaced plugin between questions.</summary>
internal sealed class DemoRun(ToolConsole console) : IDisposable
{
    private const int AnswerTokens = 12;
    private const string LoraPlugin = "SkPeft.Peft.Lora";

    private readonly DemoFolder _folder = new();
    private readonly ReceiptTable _receipts = new();

    public async Task<int> RunAsync(string? model, CancellationToken cancellation)
    {
        string path = model ?? WriteModel();
        Say(model is null
            ? "No --model: this is a seeded random LLaMA with seeded random adapters. Its answers are noise; everything around them is real."
            : $"The adapters of this demo are seeded random ones of the sizes of {model}: what they answer is their noise, not a skill.");
        DemoAdapters adapters = new(SizesOf(path));
        string plugins = _folder.CopyPlugins(PluginFolder.Path);
        PluginLog log = new(Say);
        using PeftRuntime runtime = PeftRuntime.Open(
            new SkPeftSettings { Model = path, Store = _folder.PathOf("store"), Plugins = [plugins], WatchPlugins = false, Skills = [.. DemoSkills.All.Select(s => s.Skill)] },
            Environment.CurrentDirectory, log, console.Time);
        FillStore(runtime, adapters);

        Say("");
        Say("Every skill once:");
        using PeftChatClient client = runtime.CreateClient();
        foreach ((Connectors.Skills.SkillDefinition skill, string question, _) in DemoSkills.All)
        {
            await AskAsync(client, skill.Name, question, cancellation);
        }

        await PromoteAsync(runtime, client, adapters, cancellation);
        log.Chatty = true;
        await ReplacePluginAsync(runtime, client, plugins, cancellation);
        log.Chatty = false;
        Say("");
        console.People.Write(_receipts.Table);
        console.Flush();
        return 0;
    }

    public void Dispose() => _folder.Dispose();

    private string WriteModel()
    {
        DemoModel.Write(_folder.PathOf("model"), seed: 2026);
        return _folder.PathOf("model");
    }

    private static ModelSizes SizesOf(string path)
    {
        using IWeightSource source = WeightSource.Open(path);
        return source.Config.Sizes;
    }

    private void FillStore(PeftRuntime runtime, DemoAdapters adapters)
    {
        foreach ((Connectors.Skills.SkillDefinition skill, _, Action<DemoAdapters, string> write) in DemoSkills.All)
        {
            Add(runtime, skill.Name, folder => write(adapters, folder));
            _ = runtime.Store.Promote($"{skill.Name}@1", "prod");
        }
    }

    private void Add(PeftRuntime runtime, string name, Action<string> write)
    {
        string folder = _folder.PathOf("adapters", $"{name}-{runtime.Store.List().Count}");
        write(folder);
        AdapterVersion version = runtime.Store.Add(name, folder, runtime.Model.Fingerprint).Version;
        Say($"stored {version.Reference}: {version.PeftType}, {version.Bytes:N0} bytes, {version.Digest[..12]}");
    }

    private async Task PromoteAsync(PeftRuntime runtime, PeftChatClient client, DemoAdapters adapters, CancellationToken cancellation)
    {
        (Connectors.Skills.SkillDefinition skill, string question, _) = DemoSkills.All[0];
        Say("");
        Add(runtime, skill.Name, folder => adapters.Lora(folder, 21));
        AliasFlip flip = runtime.Store.Promote($"{skill.Name}@2", "prod");
        Say($"promoted: {flip.Name}@{flip.Alias} named version {flip.From}, names {flip.To} now. The same question again:");
        await AskAsync(client, skill.Name, question, cancellation);
    }

    private async Task ReplacePluginAsync(PeftRuntime runtime, PeftChatClient client, string plugins, CancellationToken cancellation)
    {
        // Bytes behind the end of an assembly mean nothing to the runtime, and give it another digest: a new build, as far as anyone can tell.
        string file = Path.Combine(plugins, LoraPlugin, LoraPlugin + ".dll");
        byte[] stamped = [.. await File.ReadAllBytesAsync(file, cancellation), .. "demo"u8];
        await File.WriteAllBytesAsync(file, stamped, cancellation);
        Say("");
        Say($"replacing {LoraPlugin}.dll while the process runs:");
        runtime.Plugins.Refresh();
        await UnloadedAsync(runtime, cancellation);
        (Connectors.Skills.SkillDefinition skill, string question, _) = DemoSkills.All[0];
        Say("The same question again, by the new plugin:");
        await AskAsync(client, skill.Name, question, cancellation);
    }

    // The old generation leaves when its adapters have been let go; nobody has to wait for it, but here it should be seen.
    private async Task UnloadedAsync(PeftRuntime runtime, CancellationToken cancellation)
    {
        for (int i = 0; i < 100 && runtime.Plugins.List().Any(p => p.Name == LoraPlugin && p.Status is PluginStatus.Draining or PluginStatus.Unloading); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), console.Time, cancellation);
        }
    }

    private async Task AskAsync(PeftChatClient client, string skill, string question, CancellationToken cancellation)
    {
        ChatOptions options = new() { MaxOutputTokens = AnswerTokens, AdditionalProperties = new() { ["skill"] = skill } };
        ChatResponse response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, question)], options, cancellation);
        var receipt = (Receipt)response.AdditionalProperties![Receipt.PropertyName]!;
        string answer = Printable.Of(response.Text, 40);
        Say($"  {skill}: \"{question}\" -> \"{answer}\"  [{receipt.Reference}, {receipt.Method}]");
        _receipts.Add(answer, receipt);
    }

    private void Say(string line)
    {
        lock (console)
        {
            console.Out.WriteLine(line);
            console.Flush();
        }
    }
}
