namespace SkPeft.Connectors.Receipts;

/// <summary>Who produced an answer, exactly. In <c>AdditionalProperties["skpeft"]</c> of every response, message and last streamed update.</summary>
public sealed record Receipt
{
    /// <summary>The key under which it is found.</summary>
    public const string PropertyName = "skpeft";

    /// <summary>The adapter's name, or <c>base</c>.</summary>
    public required string Adapter { get; init; }

    /// <summary>The version, or null for the base.</summary>
    public int? Version { get; init; }

    /// <summary>SHA-256 of the version's files, or null for the base.</summary>
    public string? Digest { get; init; }

    /// <summary>The method (<c>peft_type</c>), or null for the base.</summary>
    public string? Method { get; init; }

    /// <summary>The modules of the model that the adapter touches.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>The plugin that built it, or null for the base.</summary>
    public PluginIdentity? Plugin { get; init; }

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
        Version is null ? $"{Reference}: {Route}" : $"{Reference} ({Method}, {Digest?[..Math.Min(12, Digest.Length)]}, {Modules.Count} modules): {Route}";
}
