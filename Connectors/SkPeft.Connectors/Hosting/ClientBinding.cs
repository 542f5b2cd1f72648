using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Hosting;

/// <summary>What a client is made for.</summary>
/// <param name="Skill">The skill, or null.</param>
/// <param name="Adapter">The adapter's reference, or null for the skill's own.</param>
internal sealed record ClientBinding(string? Skill, string? Adapter)
{
    /// <summary>A client that routes every request.</summary>
    public static ClientBinding Routing { get; } = new(null, null);

    /// <summary>
    /// The clients that skills make by their keys: each skill's under its name, and each module's under its reference; the latter asks with
    /// the skill's prompt where one skill only uses the module. The skill's name goes first where both are the same word.
    /// </summary>
    public static IEnumerable<(string Key, ClientBinding Binding)> Of(IReadOnlyList<SkillDefinition> skills)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (string name in skills.Select(s => s.Name).Where(n => !string.IsNullOrWhiteSpace(n) && keys.Add(n)))
        {
            yield return (name, new ClientBinding(name, null));
        }

        foreach (IGrouping<string, SkillDefinition> users in skills.Where(s => s.Adapter != SkillRouter.Base && !string.IsNullOrWhiteSpace(s.Adapter)).GroupBy(s => s.Adapter, StringComparer.Ordinal))
        {
            if (keys.Add(users.Key))
            {
                yield return (users.Key, new ClientBinding(users.Count() == 1 ? users.Single().Name : null, users.Key));
            }
        }
    }
}
