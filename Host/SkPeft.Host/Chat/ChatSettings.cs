using Microsoft.Extensions.Configuration;
using SkPeft.Connectors.Hosting;
using SkPeft.Host.Inputs;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Chat;

/// <summary>What the command line says; a file may add skills, and nothing else.</summary>
internal sealed record ChatSettings(ChatModel Chosen, int MaxTokens, Precision Precision, int? Threads)
{
    /// <summary>The settings as a host would read them from appsettings.</summary>
    /// <exception cref="SkPeftException">The file is missing or malformed, or a skill is.</exception>
    public SkPeftSettings Read() => ReadSkills() with
    {
        Precision = Precision, Threads = Threads, MaxOutputTokens = MaxTokens, AllowBase = true,
    };

    private SkPeftSettings ReadSkills()
    {
        if (Chosen.Bundle is { } bundle)
        {
            return bundle.SettingsFor(Chosen.Store);
        }

        IConfiguration given = Chosen.SkillsFile is { } file ? SettingsFile.Load(file, "{ \"SkPeft\": { \"Skills\": [ … ] } }") : new ConfigurationBuilder().Build();
        IConfigurationSection section = given.GetSection(SkPeftSettings.SectionName);
        IConfiguration source = section.Exists() ? section : given;
        Dictionary<string, string?> values = source.AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Key.Split(ConfigurationPath.KeyDelimiter)[0].Equals(nameof(SkPeftSettings.Skills), StringComparison.OrdinalIgnoreCase))
            .ToDictionary(pair => $"{SkPeftSettings.SectionName}:{pair.Key}", pair => pair.Value);
        if (Chosen.SkillsFile is not null && values.Count == 0)
        {
            throw new FileFormatException(Chosen.SkillsFile, nameof(SkPeftSettings.Skills), "nothing", "a list of skills: { \"SkPeft\": { \"Skills\": [ … ] } }");
        }

        // AllowBase here as well: a skill may be the bare model's.
        Set(values, nameof(SkPeftSettings.Model), Chosen.Model);
        Set(values, nameof(SkPeftSettings.Store), Chosen.Store);
        Set(values, nameof(SkPeftSettings.AllowBase), "true");
        return SkPeftSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }

    private static void Set(Dictionary<string, string?> values, string key, string value) => values[$"{SkPeftSettings.SectionName}:{key}"] = value;
}
