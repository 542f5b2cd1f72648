using SkPeft.Connectors.Requests;

namespace SkPeft.Connectors.Functions;

/// <summary>Settings as frameworks keep them: loose values by name. Names are compared without regard to case here, as the requests do that come of them.</summary>
internal static class FunctionProperties
{
    /// <summary>Whether an adapter or a skill is named.</summary>
    public static bool NamesModule(IEnumerable<KeyValuePair<string, object>>? values) =>
        values is not null && values.Any(v => v.Value is not null && (Is(v.Key, PropertyNames.Adapter) || Is(v.Key, PropertyNames.Skill)));

    /// <summary>The value of a name, or null.</summary>
    public static object? Find(IEnumerable<KeyValuePair<string, object>>? values, string name) =>
        values?.FirstOrDefault(v => Is(v.Key, name)).Value;

    /// <summary>Adds the function that asks, where the settings do not say already in whose name they ask.</summary>
    public static void Add(IDictionary<string, object> values, CallingFunction function)
    {
        if (values.Keys.Any(k => Is(k, PropertyNames.Function) || Is(k, PropertyNames.Plugin)))
        {
            return;
        }

        if (function.Name is { } name)
        {
            values[PropertyNames.Function] = name;
        }

        if (function.Plugin is { } plugin)
        {
            values[PropertyNames.Plugin] = plugin;
        }
    }

    private static bool Is(string key, string name) => key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
