using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Hosting;

/// <summary>Reads one skill. Skills stand in a list, or under their names.</summary>
internal static class SkillReader
{
    public static SkillDefinition Read(SectionReader reader)
    {
        SkillDefinition skill = new()
        {
            Name = Name(reader),
            Adapter = reader.Text(nameof(skill.Adapter)) ?? "",
            Functions = reader.Texts(nameof(skill.Functions)) ?? [],
            Plugins = reader.Texts(nameof(skill.Plugins)) ?? [],
            Tags = reader.Texts(nameof(skill.Tags)) ?? [],
            Default = reader.Flag(nameof(skill.Default), false),
            Prompt = reader.Text(nameof(skill.Prompt)),
            Labels = Labels(reader),
            MaxOutputTokens = reader.Integer(nameof(skill.MaxOutputTokens), 1, int.MaxValue),
            Key = reader.Path,
        };
        reader.RefuseUnknown();
        return skill;
    }

    private static string Name(SectionReader reader) =>
        reader.Text(nameof(SkillDefinition.Name)) ?? (IsIndex(reader.Key) ? "" : reader.Key);

    /// <summary>Either a list of words, each a class of its own, or classes with their words.</summary>
    private static IReadOnlyList<SkillLabel> Labels(SectionReader reader)
    {
        const string key = nameof(SkillDefinition.Labels);
        IReadOnlyList<string> names = reader.Keys(key);
        return names.All(IsIndex)
            ? [.. (reader.Texts(key) ?? []).Select(word => new SkillLabel(word, [word]))]
            : [.. names.Select(name => new SkillLabel(name, reader.Texts($"{key}:{name}") ?? []))];
    }

    private static bool IsIndex(string key) => key.All(char.IsAsciiDigit);
}
