using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>Jinja's filters by name. The families below register themselves.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, FilterBody> s_filters = new(StringComparer.Ordinal);

    static Filters()
    {
        TextFilters.Register(Add);
        NumberFilters.Register(Add);
        ListFilters.Register(Add);
        SelectFilters.Register(Add);
    }

    public static bool Contains(string name) => s_filters.ContainsKey(name);

    public static object? Apply(Renderer renderer, string name, object? value, CallArguments arguments) => s_filters.TryGetValue(name, out FilterBody? filter)
        ? filter(renderer, value, arguments)
        : throw JinjaException.Runtime($"No filter named '{name}' found.");

    private static void Add(string name, FilterBody body) => s_filters.Add(name, body);
}

/// <summary>A filter: what stands left of the bar, and the arguments in parentheses.</summary>
internal delegate object? FilterBody(Renderer renderer, object? value, CallArguments arguments);
