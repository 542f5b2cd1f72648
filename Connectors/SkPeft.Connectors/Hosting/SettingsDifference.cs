using System.Reflection;
using System.Text.Json;

namespace SkPeft.Connectors.Hosting;

/// <summary>Which settings differ, by name.</summary>
internal static class SettingsDifference
{
    private static readonly string[] s_live = [nameof(SkPeftSettings.Skills), nameof(SkPeftSettings.Plugins)];

    /// <summary>Those that are taken over by a restart only.</summary>
    public static IReadOnlyList<string> Fixed(SkPeftSettings before, SkPeftSettings after) => [.. Between(before, after).Except(s_live)];

    /// <summary>All that differ.</summary>
    public static IEnumerable<string> Between<T>(T before, T after)
        where T : class =>
        typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => Text(p, before) != Text(p, after)).Select(p => p.Name);

    private static string Text(PropertyInfo property, object settings) => JsonSerializer.Serialize(property.GetValue(settings));
}
