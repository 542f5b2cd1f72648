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
    /// <summary>
    /// What a key must be allowed to use, each by one of these names: the skill's, or the module's without its version; the base has two, and of
    /// several modules that act together every one is needed.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Names => Adapter is null ? [[Skill!.Name]] : Adapter == SkillRouter.Base ? [[Adapter, Requested]]
        : [.. ComposedReference.Parse(Adapter).Parts.Select(p => new[] { p.Reference.Stored.Name })];

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
}
