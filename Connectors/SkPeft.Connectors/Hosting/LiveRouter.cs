using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Hosting;

/// <summary>Routes by skills that may be replaced while requests run; a request is decided by one map from begin to end.</summary>
internal sealed class LiveRouter(SkillMap skills, IAdapterStore store) : ISkillRouter
{
    private volatile SkillRouter _router = new(skills, store);
    private volatile SkillMap _skills = skills;

    /// <summary>The skills; setting them is one step for whoever routes.</summary>
    public SkillMap Skills
    {
        get => _skills;
        set
        {
            _router = new SkillRouter(value, store);
            _skills = value;
        }
    }

    public RouteExplanation Route(RouteRequest request) => _router.Route(request);

    public RouteExplanation Explain(RouteRequest request) => _router.Explain(request);
}
