namespace SkPeft.Host.Receipts;

/// <summary>Who produced an answer.</summary>
internal sealed record Receipt
{
    public required string Adapter { get; init; }

    public int? Version { get; init; }

    public string? Digest { get; init; }

    public string? Method { get; init; }

    public IReadOnlyList<string> Modules { get; init; } = [];

    public PluginIdentity? Plugin { get; init; }

    public string? Skill { get; init; }

    public required string Route { get; init; }

    public required string Model { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public long? Seed { get; init; }
}
