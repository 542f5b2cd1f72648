using Microsoft.Extensions.Configuration;
using SkPeft.Connectors.Skills;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Connectors.Hosting;

/// <summary>Reads the whole section, and goes on after a problem, so that all of them are told at once.</summary>
internal static class SettingsReader
{
    private const double MostWeight = 999_999;

    public static SkPeftSettings Read(IConfiguration configuration, out IReadOnlyList<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        List<string> found = [];
        SectionReader reader = new(SectionOf(configuration), found);
        SkPeftSettings standard = new() { Model = "", Store = "" };
        SkPeftSettings settings = standard with
        {
            Model = reader.Required(nameof(standard.Model), "the path of a GGUF file or of a model folder"),
            Store = reader.Required(nameof(standard.Store), "the folder of the adapter store"),
            Plugins = reader.Texts(nameof(standard.Plugins)) ?? standard.Plugins,
            WatchPlugins = reader.Flag(nameof(standard.WatchPlugins), standard.WatchPlugins),
            AllowList = reader.Choice(nameof(standard.AllowList), AllowListMode.Off),
            AllowedSha256 = reader.Texts(nameof(standard.AllowedSha256)) ?? [],
            Precision = reader.Choice(nameof(standard.Precision), Precision.Fast),
            Threads = reader.Integer(nameof(standard.Threads), 1, 256),
            ContextLength = reader.Integer(nameof(standard.ContextLength), 1, int.MaxValue),
            ChatTemplate = reader.Text(nameof(standard.ChatTemplate)),
            HalfCache = reader.Flag(nameof(standard.HalfCache), false),
            Strict = reader.Flag(nameof(standard.Strict), false),
            AllowBase = reader.Flag(nameof(standard.AllowBase), false),
            MaxOutputTokens = reader.Integer(nameof(standard.MaxOutputTokens), 1, int.MaxValue),
            AdapterBudgetMegabytes = reader.Integer(nameof(standard.AdapterBudgetMegabytes), 1, 1 << 24) ?? standard.AdapterBudgetMegabytes,
            MaxRunning = reader.Integer(nameof(standard.MaxRunning), 1, 4096) ?? standard.MaxRunning,
            MaxQueue = reader.Integer(nameof(standard.MaxQueue), 0, 1_000_000) ?? standard.MaxQueue,
            KeyValueMegabytes = reader.Integer(nameof(standard.KeyValueMegabytes), 1, 1 << 24),
            PrefixCacheMegabytes = reader.Integer(nameof(standard.PrefixCacheMegabytes), 0, 1 << 24) ?? standard.PrefixCacheMegabytes,
            StepTargetMilliseconds = reader.Integer(nameof(standard.StepTargetMilliseconds), 1, 60_000) ?? standard.StepTargetMilliseconds,
            TokenTargetMilliseconds = reader.Integer(nameof(standard.TokenTargetMilliseconds), 1, 60_000),
            Weights = reader.Numbers(nameof(standard.Weights), MostWeight),
            IgnoredProperties = reader.Texts(nameof(standard.IgnoredProperties)) ?? [],
            Skills = [.. reader.Sections(nameof(standard.Skills)).Select(SkillReader.Read)],
        };
        reader.RefuseUnknown();
        found.AddRange(SkillMap.Check(settings.Skills, settings.AllowBase).Problems);
        if (settings.Skills.FirstOrDefault(s => s.Name.Equals(ServiceCollectionExtensions.ServiceKey, StringComparison.OrdinalIgnoreCase)) is { } skill)
        {
            found.Add($"{skill.Key}:Name: '{skill.Name}' is the service key of the client that routes; give the skill another name.");
        }

        problems = found;
        return settings;
    }

    private static IConfigurationSection SectionOf(IConfiguration configuration) =>
        configuration is IConfigurationSection section && section.Key.Equals(SkPeftSettings.SectionName, StringComparison.OrdinalIgnoreCase)
            ? section
            : configuration.GetSection(SkPeftSettings.SectionName);
}
