using SkPeft.Connectors.Receipts;

namespace SkPeft.Http.Answers;

/// <summary>The receipt as the field <c>skpeft</c> of an answer: who produced it, exactly.</summary>
internal sealed record ReceiptBody
{
    public required string Adapter { get; init; }

    public int? Version { get; init; }

    public string? Digest { get; init; }

    public string? Method { get; init; }

    public required IReadOnlyList<string> Modules { get; init; }

    public int ModulesMatched => Modules.Count;

    public PluginIdentity? Plugin { get; init; }

    /// <summary>Every module that acted, in order.</summary>
    public required IReadOnlyList<ReceiptPart> Parts { get; init; }

    public string? Skill { get; init; }

    public required string Route { get; init; }

    /// <summary>The model's file name: where it lies is nobody's business.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public IReadOnlyDictionary<string, double>? Probabilities { get; init; }

    public long? Seed { get; init; }

    public static ReceiptBody Of(Receipt receipt) => new()
    {
        Adapter = receipt.Adapter,
        Version = receipt.Version,
        Digest = receipt.Digest,
        Method = receipt.Method,
        Modules = receipt.Modules,
        Plugin = receipt.Plugin,
        Parts = receipt.Parts,
        Skill = receipt.Skill,
        Route = receipt.Route,
        Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(receipt.Model)),
        Warnings = receipt.Warnings,
        Probabilities = receipt.Probabilities,
        Seed = receipt.Seed,
    };
}
