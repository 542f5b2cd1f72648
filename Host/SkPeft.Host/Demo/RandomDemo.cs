using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Skills;
using SkPeft.Host.Output;

namespace SkPeft.Host.Demo;

/// <summary>The main job on a model that there are no adapters for: seeded random ones of different methods stand in.</summary>
internal static class RandomDemo
{
    private const int AnswerTokens = 12, Shown = 40;

    public static async Task RunAsync(ToolConsole console, string model, CancellationToken cancellation)
    {
        using DemoFolder files = new();
        SkPeftSettings settings = new()
        {
            Model = model, Store = files.PathOf("store"), MaxOutputTokens = AnswerTokens, Skills = [.. DemoSkills.All.Select(s => s.Skill)],
        };
        using DemoStage stage = new(console, settings);
        DemoAdapters adapters = new(stage.Runtime.Model, stage.Runtime.Plugins);
        stage.Say($"The adapters of this demo are seeded random ones for {model}: what they answer is their noise, not a skill.");
        int seed = 11;
        foreach ((SkillDefinition skill, _, string method) in DemoSkills.All)
        {
            int own = seed++;
            Add(stage, files, skill.Name, folder => adapters.Write(method, own, folder));
            _ = stage.Runtime.Store.Promote($"{skill.Name}@1", "prod");
        }

        stage.Say("");
        stage.Say("Every skill once:");
        foreach ((SkillDefinition skill, string question, _) in DemoSkills.All)
        {
            _ = await AskAsync(stage, skill.Name, question, cancellation);
        }

        (SkillDefinition first, string again, string firstMethod) = DemoSkills.All[0];
        stage.Say("");
        Add(stage, files, first.Name, folder => adapters.Write(firstMethod, seed, folder));
        AliasFlip flip = stage.Runtime.Store.Promote($"{first.Name}@2", "prod");
        stage.Say($"promoted: {flip.Name}@{flip.Alias} named version {flip.From}, names {flip.To} now. The same question again:");
        Receipt promoted = await AskAsync(stage, first.Name, again, cancellation);

        await stage.ReplacePluginAsync(promoted.Plugin!.Name, cancellation);
        stage.Say("The same question again, by the new plugin:");
        _ = await AskAsync(stage, first.Name, again, cancellation);
        stage.ShowReceipts();
    }

    private static void Add(DemoStage stage, DemoFolder files, string name, Action<string> write)
    {
        string folder = files.PathOf("adapters", $"{name}-{stage.Runtime.Store.List().Count}");
        write(folder);
        stage.SayStored(stage.Runtime.Store.Add(name, folder, stage.Runtime.Model.Fingerprint).Version);
    }

    private static async Task<Receipt> AskAsync(DemoStage stage, string skill, string question, CancellationToken cancellation)
    {
        (string answer, Receipt receipt) = await stage.AskAsync(skill, question, cancellation);
        stage.Say($"  {skill}: \"{question}\" -> \"{Printable.Of(answer, Shown)}\"  [{receipt.Reference}, {receipt.Method}]");
        return receipt;
    }
}
