using SkPeft.Connectors.Routing;

namespace SkPeft.Connectors.Receipts;

/// <summary>Makes the receipt of a route and the version that was leased for it.</summary>
internal static class ReceiptWriter
{
    public static Receipt Write(RouteExplanation route, IAdapterLease? lease, string model) => new()
    {
        Adapter = lease?.Version.Name ?? SkillRouter.Base,
        Version = lease?.Version.Number,
        Digest = lease?.Version.Digest,
        Method = lease?.Adapter.PeftType,
        Modules = lease?.Adapter.MatchedModules ?? [],
        Plugin = lease?.Adapter.Plugin,
        Skill = route.Skill?.Name,
        Route = route.Reason,
        Model = model,
        Warnings = lease?.Adapter.Warnings ?? [],
    };
}
