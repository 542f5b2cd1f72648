using SkPeft.Connectors.Skills;

namespace SkPeft.Host.Demo;

/// <summary>The skills of the demo, each with another method.</summary>
internal static class DemoSkills
{
    /// <summary>Skill, question, and the method of its adapter, as a user would name it.</summary>
    public static IReadOnlyList<(SkillDefinition Skill, string Question, string Method)> All { get; } =
    [
        (Skill("sentiment", "Review: {input}\nSentiment:") with { Labels = [Label("positive"), Label("negative")] },
            "a gorgeous, witty film", "lora"),
        (Skill("summary", "Text: {input}\nSummary:"), "The river rose in the night.", "prefix"),
        (Skill("title", "Story: {input}\nTitle:"), "A fox finds a lantern.", "prompt"),
        (Skill("intent", "Request: {input}\nIntent:"), "Please move my appointment.", "ia3"),
        (Skill("advice", "Question: {input}\nAnswer:"), "How do I keep bread fresh?", "iapt"),
    ];

    private static SkillDefinition Skill(string name, string prompt) => new() { Name = name, Adapter = $"{name}@prod", Prompt = prompt };

    private static SkillLabel Label(string word) => new(word, [word]);
}
