namespace SkPeft.Connectors.Routing;

/// <summary>Decides which adapter answers a request.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface ISkillRouter
{
    /// <summary>Decides. A refusal is a result, not an exception.</summary>
    RouteExplanation Route(RouteRequest request);

    /// <summary>Decides as <see cref="Route"/> does, and says which version the reference names now; a reference to nothing is a refusal here.</summary>
    RouteExplanation Explain(RouteRequest request);
}
