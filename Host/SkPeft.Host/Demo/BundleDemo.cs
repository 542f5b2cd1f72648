using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Receipts;
using SkPeft.Host.Output;

namespace SkPeft.Host.Demo;

/// <summary>
/// The main job on a model with its own skills: every skill beside the bare model, a promotion that was a mistake and its way back, and a
/// replaced plugin between questions.
/// </summary>
internal static class BundleDemo
{
    private const int Shown = 240;

    public static async Task RunAsync(ToolConsole console, ModelBundle bundle, CancellationToken cancellation)
    {
        using UnpackedBundle unpacked = bundle.Unpack();
        using DemoStage stage = new(console, bundle.SettingsFor(unpacked.Store) with { AllowBase = true });
        stage.Say($"{Path.GetFileName(bundle.Model)}: one frozen model, {bundle.Skills.Count} skills, each with a method of its own.");
        foreach (AdapterVersion version in unpacked.Versions)
        {
            stage.SayStored(version);
        }

        foreach (BundledSkill skill in bundle.Skills)
        {
            await ShowAsync(stage, skill, cancellation);
        }

        if (bundle.Skills.FirstOrDefault(s => s.Definition.Labels.Count > 0 && s.Examples.Count > 0) is { } classes && bundle.Skills.Last(s => s != classes) is { } other)
        {
            string plugin = await PromoteAndReturnAsync(stage, classes, other, cancellation);
            await stage.ReplacePluginAsync(plugin, cancellation);
            stage.Say("The same question again, by the new plugin:");
            _ = await AskAsync(stage, classes, cancellation);
        }

        stage.ShowReceipts();
    }

    // Every example; the first one by the bare model as well, in the same words.
    private static async Task ShowAsync(DemoStage stage, BundledSkill skill, CancellationToken cancellation)
    {
        stage.Say("");
        for (int i = 0; i < skill.Examples.Count; i++)
        {
            string question = skill.Examples[i];
            stage.Say($"{skill.Definition.Name}: {question}");
            Show(stage, await stage.AskAsync(skill.Definition.Name, question, cancellation));
            if (i == 0)
            {
                Show(stage, await stage.AskBaseAsync(skill.Definition.Name, question, cancellation));
            }
        }
    }

    private static async Task<string> PromoteAndReturnAsync(DemoStage stage, BundledSkill skill, BundledSkill other, CancellationToken cancellation)
    {
        string name = skill.Definition.Name;
        stage.Say("");
        AdapterVersion second = stage.Runtime.Store.Add(name, other.Adapter, stage.Runtime.Model.Fingerprint, cancellation).Version;
        AliasFlip flip = stage.Runtime.Store.Promote(second.Reference, ModelBundle.Alias);
        stage.Say($"promoted by mistake: {name}@{flip.Alias} named version {flip.From}, names {flip.To} now, which is the adapter of '{other.Definition.Name}':");
        _ = await AskAsync(stage, skill, cancellation);

        AliasFlip back = stage.Runtime.Store.Rollback(name, ModelBundle.Alias);
        stage.Say("");
        stage.Say($"rolled back: {name}@{back.Alias} names version {back.To} again:");
        return (await AskAsync(stage, skill, cancellation)).Plugin!.Name;
    }

    private static async Task<Receipt> AskAsync(DemoStage stage, BundledSkill skill, CancellationToken cancellation)
    {
        stage.Say($"{skill.Definition.Name}: {skill.Examples[0]}");
        (string Answer, Receipt Receipt) found = await stage.AskAsync(skill.Definition.Name, skill.Examples[0], cancellation);
        Show(stage, found);
        return found.Receipt;
    }

    private static void Show(DemoStage stage, (string Answer, Receipt Receipt) found)
    {
        (string answer, Receipt receipt) = found;
        string who = receipt.Method is { } method ? $"{receipt.Reference}, {method}" : "the bare model";
        string shares = receipt.Probabilities is { } all ? $"  ({string.Join(", ", all.Select(p => $"{p.Key} {p.Value:P1}"))})" : "";
        stage.Say($"  [{who}] -> {Printable.Of(answer, Shown)}{shares}");
    }
}
