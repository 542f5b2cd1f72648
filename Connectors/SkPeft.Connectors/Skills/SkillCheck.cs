using SkPeft.Connectors.Routing;

namespace SkPeft.Connectors.Skills;

/// <summary>What is wrong with one skill, looked at alone.</summary>
internal static class SkillCheck
{
    public static IEnumerable<string> Problems(SkillDefinition skill, string key, bool allowBase)
    {
        if (Adapter(skill.Adapter, allowBase) is { } adapter)
        {
            yield return $"{key}:Adapter: {adapter}";
        }

        if (skill.Prompt is { } prompt && PromptTemplate.TryParse(prompt, out string? problem) is null)
        {
            yield return $"{key}:Prompt: {problem}";
        }

        foreach (string label in Labels(skill.Labels, $"{key}:Labels"))
        {
            yield return label;
        }
    }

    /// <summary>What is wrong with labels that a request brings, or null.</summary>
    public static string? LabelProblem(IReadOnlyList<SkillLabel> labels) =>
        labels.Count == 0 ? "no label" : Labels(labels, "").FirstOrDefault()?.TrimStart(':', ' ');

    private static string? Adapter(string reference, bool allowBase)
    {
        if (string.IsNullOrWhiteSpace(reference))
        {
            return "no adapter is given; expected a reference such as 'sentiment' or 'sentiment@3'.";
        }

        if (reference == SkillRouter.Base)
        {
            return allowBase ? null : "'base' is the bare model, which is served only where AllowBase is true.";
        }

        try
        {
            ComposedReference.Parse(reference);
            return null;
        }
        catch (StoreException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<string> Labels(IReadOnlyList<SkillLabel> labels, string key)
    {
        if (labels.Count == 1)
        {
            yield return $"{key}: one label ('{labels[0].Name}') leaves nothing to decide; expected none, or two and more.";
        }

        Dictionary<string, string> seen = new(StringComparer.Ordinal);
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (SkillLabel label in labels)
        {
            if (string.IsNullOrWhiteSpace(label.Name) || !names.Add(label.Name))
            {
                yield return $"{key}: label '{label.Name}' is empty or appears twice.";
            }

            if (label.Words.Count == 0)
            {
                yield return $"{key}:{label.Name}: no words; expected what the model may say for it, for instance [\"{label.Name}\"].";
            }

            foreach (string word in label.Words)
            {
                if (string.IsNullOrWhiteSpace(word))
                {
                    yield return $"{key}:{label.Name}: an empty word.";
                }
                else if (!seen.TryAdd(word.Trim(), label.Name))
                {
                    yield return $"{key}:{label.Name}: word '{word}' is a word of '{seen[word.Trim()]}' already.";
                }
            }
        }
    }
}
