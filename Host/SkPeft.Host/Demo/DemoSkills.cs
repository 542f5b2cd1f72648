using SkPeft.Connectors.Skills;

namespace SkPeft.Host.Demo;

/// <summary>The skills of the demo, each with another method.</summary>
internal static class DemoSkills
{
    /// <summary>Skill, question, and what writes its adapter.</summary>
    public static IReadOnlyList<(SkillDefinition Skill, string Question, Action<DemoAdapters, string> WriteAdapter)> All { get; } =
    [
        (Skill("sentiment", "Review: {input}\nSentiment:") with { Labels = [Label("positive"), Label("negative")] },
            "a gorgeous, witty film", (adapters, folder) => adapters.Lora(folder, 11)),
        (Skill("summary", "Text: {input}\nSummary:"), "The river rose in the night.", (adapters, folder) => adapters.Prefix(folder, 12)),
        (Skill("title", "Story: {input}\nTitle:"), "A fox finds a lantern.", (adapters, folder) => adapters.Prompt(folder, 13)),
        (Skill("intent", "Request: {input}\nIntent:"), "Please move my appointment.", (adapters, folder) => adapters.Ia3(folder, 14)),
        (Skill("advice", "Question: {input}\nAnswer:"), "How do I keep bread fresh?", (adapters, folder) => adapters.Iapt(folder, 15)),
    ];

    private static SkillDefinition Skill(string name, string prompt) => new() { Name = name, Adapter = $"{name}@prod", Prompt = prompt };

    private static SkillLabel Label(string word) => new(word, [word]);
}
