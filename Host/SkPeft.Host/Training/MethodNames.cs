using SkPeft.Host.Output;
using SkPeft.Plugins;

namespace SkPeft.Host.Training;

/// <summary>What <c>--method</c> means: a <c>peft_type</c>, with or without our prefix or the word tuning, or the name of a plugin with one method.</summary>
internal static class MethodNames
{
    private const string OwnPrefix = "SKPEFT_";

    /// <summary>The <c>peft_type</c>.</summary>
    /// <param name="name">What was given.</param>
    /// <param name="plugins">Where it is looked for.</param>
    /// <param name="option">The option that it was given to, for messages.</param>
    /// <exception cref="UsageException">No loaded plugin has it, or several have.</exception>
    public static string Find(string name, IReadOnlyList<PluginInfo> plugins, string option = "--method")
    {
        string wanted = Plain(name);
        (string Type, string Plugin)[] all = [.. plugins.SelectMany(p => p.Methods.Select(m => (m.PeftType, p.Name))).Distinct()];
        string[] found = [.. all.Select(m => m.Type).Where(t => Plain(t) == wanted)];
        found = found.Length > 0 ? found : [.. all.Select(m => m.Type).Where(t => t.StartsWith(OwnPrefix, StringComparison.Ordinal) && Plain(t[OwnPrefix.Length..]) == wanted)];
        found = found.Length > 0 ? found : [.. all.Where(m => Plain(m.Plugin[(m.Plugin.LastIndexOf('.') + 1)..]) == wanted).Select(m => m.Type)];
        found = found.Length > 0 ? found : [.. all.Select(m => m.Type).Where(t => Plain(t) == wanted + "TUNING")];
        string there = string.Join(", ", all.Select(m => m.Type).Order(StringComparer.Ordinal));
        return found.Distinct().ToArray() switch
        {
            [string one] => one,
            [] => throw new UsageException($"{option}: there is no method '{name}'. There are {(there.Length == 0 ? "none" : there)}."),
            string[] several => throw new UsageException($"{option}: '{name}' may be {string.Join(" or ", several)}; name one of them."),
        };
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
