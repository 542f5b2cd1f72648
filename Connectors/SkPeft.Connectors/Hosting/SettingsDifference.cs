using System.Reflection;
using System.Text.Json;

namespace SkPeft.Connectors.Hosting;

/// <summary>Which settings differ, by name.</summary>
internal static class SettingsDifference
{
    private static readonly string[] s_live = [nameof(SkPeftSettings.Skills), nameof(SkPeftSettings.Plugins)];

    /// <summary>Those that are taken over by a restart only.</summary>
    public static IReadOnlyList<string> Fixed(SkPeftSettings before, SkPeftSettings after) =>
    [
        .. typeof(SkPeftSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => !s_live.Contains(p.Name) && Text(p, before) != Text(p, after)).Select(p => p.Name),
    ];

    private static string Text(PropertyInfo property, SkPeftSettings settings) => JsonSerializer.Serialize(property.GetValue(settings));
}
