namespace SkPeft.Connectors.Receipts;

/// <summary>Who produced an answer, exactly. In <c>AdditionalProperties["skpeft"]</c> of every response, message and last streamed update.</summary>
public sealed record Receipt
{
    /// <summary>The key under which it is found.</summary>
    public const string PropertyName = "skpeft";

    /// <summary>The adapter's name, or <c>base</c>; where several acted together, all of them by version and weight: <c>tone@2*0.5+facts@1</c>.</summary>
    public required string Adapter { get; init; }

    /// <summary>The version; null for the base, and where several adapters acted together.</summary>
    public int? Version { get; init; }

    /// <summary>SHA-256 of the version's files; null for the base, and where several adapters acted together.</summary>
    public string? Digest { get; init; }

    /// <summary>The method (<c>peft_type</c>), or null for the base; where several adapters acted together all of them, with <c>+</c> between.</summary>
    public string? Method { get; init; }

    /// <summary>The modules of the model that the adapter touches.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>The plugin that built it; null for the base, and where several adapters acted together.</summary>
    public PluginIdentity? Plugin { get; init; }

    /// <summary>Every adapter that acted, in the order in which its effects were applied; empty for the base.</summary>
    public IReadOnlyList<ReceiptPart> Parts { get; init; } = [];

    /// <summary>The skill, where one was used.</summary>
    public string? Skill { get; init; }

    /// <summary>Why this adapter.</summary>
    public required string Route { get; init; }

    /// <summary>The model's file or folder.</summary>
    public required string Model { get; init; }

    /// <summary>What the reader should know, for instance that the weights are another quantisation than the adapter was made for.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The probability of every class, where the skill has labels; they add up to 1.</summary>
    public IReadOnlyDictionary<string, double>? Probabilities { get; init; }

    /// <summary>The seed that repeats this answer, where one was generated.</summary>
    public long? Seed { get; init; }

    /// <summary>The exact reference, for instance <c>sentiment@3</c>, or <c>base</c>.</summary>
    public string Reference => Version is { } version ? $"{Adapter}@{version}" : Adapter;

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        Method is null ? $"{Reference}: {Route}" : $"{Reference} ({string.Join(" + ", Parts.Select(p => $"{p.Method}, {p.Digest[..Math.Min(12, p.Digest.Length)]}, {p.Modules} modules"))}): {Route}";
}

/// <summary>One adapter of an answer.</summary>
/// <param name="Adapter">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Digest">SHA-256 of the version's files.</param>
/// <param name="Method">Its <c>peft_type</c>.</param>
/// <param name="Weight">What its additions were multiplied by; 1 for most.</param>
/// <param name="Modules">How many modules of the model it touches.</param>
/// <param name="Plugin">The plugin that built it.</param>
public sealed record ReceiptPart(string Adapter, int Version, string Digest, string Method, float Weight, int Modules, PluginIdentity Plugin);
