using SkPeft.Connectors.Routing;

namespace SkPeft.Connectors.Receipts;

/// <summary>Makes the receipt of a route and of what was leased for it.</summary>
internal static class ReceiptWriter
{
    public static Receipt Write(RouteExplanation route, IAdapterLease? lease, string model)
    {
        LeasedPart? only = lease?.Parts is [{ Weight: 1 } part] ? part : null;
        return new Receipt
        {
            Adapter = only?.Version.Name ?? (lease is null ? SkillRouter.Base : ComposedReference.Write(lease.Parts.Select(p => (p.Version.Reference, p.Weight)))),
            Version = only?.Version.Number,
            Digest = only?.Version.Digest,
            Method = lease?.Adapter.PeftType,
            Modules = lease?.Adapter.MatchedModules ?? [],
            Plugin = only?.Adapter.Plugin,
            Parts = lease is null ? [] :
            [
                .. lease.Parts.Select(p => new ReceiptPart(
                    p.Version.Name, p.Version.Number, p.Version.Digest, p.Adapter.PeftType, p.Weight, p.Adapter.MatchedModules.Count, p.Adapter.Plugin)),
            ],
            Skill = route.Skill?.Name,
            Route = route.Reason,
            Model = model,
            Warnings = lease?.Adapter.Warnings ?? [],
        };
    }
}
