using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;

namespace SkPeft.Http.Models;

/// <summary>Who is to answer: what <c>model</c> of a request names.</summary>
/// <param name="Requested">What the request said.</param>
/// <param name="Adapter">The module's reference, or <c>base</c>; null where the skill's own is meant.</param>
/// <param name="Skill">The skill whose prompt and labels are used, or null.</param>
internal sealed record ServedModel(string Requested, string? Adapter, SkillDefinition? Skill)
{
    /// <summary>The names by which a key may be allowed to use it: the skill's, or the module's without its version; the base has two.</summary>
    public IReadOnlyList<string> Names => Adapter is null ? [Skill!.Name] : Adapter == SkillRouter.Base ? [Adapter, Requested] : [NameOf(Adapter)];

    /// <summary>The same as the connector knows it.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Properties()
    {
        if (Adapter is not null)
        {
            yield return new(PropertyNames.Adapter, Adapter);
        }

        if (Skill is not null)
        {
            yield return new(PropertyNames.Skill, Skill.Name);
        }
    }

    public RouteRequest Route() => new() { Adapter = Adapter, Skill = Skill?.Name };

    private static string NameOf(string reference) => reference.Split('@', ServedReference.TaskMark)[0];
}
