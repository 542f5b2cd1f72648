using SkPeft.Training.Objectives;

namespace SkPeft.Training.Scoring;

/// <summary>What must be better.</summary>
public enum GateMetric
{
    /// <summary>The share of lines whose true class has the highest score.</summary>
    Accuracy,

    /// <summary>The mean negative log-likelihood, of the true class or of a token of the completion.</summary>
    Loss,
}

/// <summary>A new version that wants into the store.</summary>
public sealed record PromotionRequest
{
    /// <summary>The adapter's name in the store.</summary>
    public required string Name { get; init; }

    /// <summary>The folder with its files.</summary>
    public required string Folder { get; init; }

    /// <summary>The alias that the new version is to get; null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>What must be better than that of the version the alias names now; null: there is no condition.</summary>
    public GateMetric? Metric { get; init; }

    /// <summary>By how many standard errors of the difference; 0: any improvement will do.</summary>
    public double StandardErrors { get; init; }

    /// <summary>The held-out lines; needed where there is a metric.</summary>
    public TrainingData? HeldOut { get; init; }

    /// <summary>The task whose held-out lines it is compared on; null: all lines.</summary>
    public int? Task { get; init; }

    /// <summary>How the words of a class become its score.</summary>
    public WordAggregation Aggregation { get; init; }
}
