using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Routing;

/// <summary>
/// Explicit reference, then the skill map (function, plugin, tag, default), then refusal. A request that names an adapter and a skill gets
/// the skill's prompt and labels with that adapter.
/// </summary>
/// <param name="skills">The skills.</param>
/// <param name="store">Where <see cref="Explain"/> looks up versions; null leaves them open.</param>
public sealed class SkillRouter(SkillMap skills, IAdapterStore? store = null) : ISkillRouter
{
    /// <summary>The reserved reference of the bare model.</summary>
    public const string Base = "base";

    /// <inheritdoc/>
    public RouteExplanation Route(RouteRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new RoutePass(skills, request).Run();
    }

    /// <inheritdoc/>
    public RouteExplanation Explain(RouteRequest request)
    {
        RouteExplanation route = Route(request);
        if (route.IsRefused || route.IsBase || store is null)
        {
            return route;
        }

        try
        {
            return route with { Versions = ComposedReference.Parse(route.Adapter!).Resolve(store) };
        }
        catch (SkPeftException e)
        {
            return route with { IsRefused = true, Reason = $"{route.Reason} But: {e.Message}" };
        }
    }
}
