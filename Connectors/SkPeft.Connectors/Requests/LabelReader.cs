using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Requests;

/// <summary>Reads the classes of an answer: a list of words, each a class of its own, or a map from classes to their words.</summary>
internal static class LabelReader
{
    /// <exception cref="InvalidOptionException">They cannot be read, or leave nothing to decide.</exception>
    public static IReadOnlyList<SkillLabel> Read(string option, object value)
    {
        IReadOnlyList<SkillLabel> labels = value as IReadOnlyList<SkillLabel>
            ?? (LooseValue.TryPairs(option, value) is { } pairs
                ? [.. pairs.Select(p => new SkillLabel(LooseValue.Text(option, p.Key ?? ""), LooseValue.Texts(option, p.Value ?? "")))]
                : [.. LooseValue.Texts(option, value).Select(word => new SkillLabel(word, [word]))]);
        return SkillCheck.LabelProblem(labels) is { } problem
            ? throw new InvalidOptionException(option, $"what was given ({problem.TrimEnd('.')})", "two or more classes, each with words of its own")
            : labels;
    }
}
