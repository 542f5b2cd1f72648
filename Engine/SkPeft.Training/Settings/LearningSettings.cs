using SkPeft.Training.Optimisation;

namespace SkPeft.Training;

/// <summary>When a group of parameters is trained.</summary>
public enum GroupMode
{
    /// <summary>With the others.</summary>
    Joint,

    /// <summary>Alternately with the others, on a split of the training data of its own (IAPT's activations, after DARTS).</summary>
    Bilevel,

    /// <summary>Never.</summary>
    Frozen,
}

/// <summary>What a group of parameters does differently.</summary>
public sealed record GroupSettings
{
    /// <summary>Its own learning rate; null: the run's, times <see cref="Factor"/>.</summary>
    public double? Rate { get; init; }

    /// <summary>The factor on the run's learning rate; null: the parameter's own.</summary>
    public double? Factor { get; init; }

    /// <summary>Its own weight decay; null: the run's.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>When it is trained.</summary>
    public GroupMode Mode { get; init; }
}

/// <summary>How an adapter learns.</summary>
public sealed record LearningSettings
{
    /// <summary>The learning rate at its highest.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>How it runs over the steps.</summary>
    public RateShape Schedule { get; init; } = RateShape.Constant;

    /// <summary>Steps of warm-up.</summary>
    public int Warmup { get; init; }

    /// <summary>Weight decay; not for gates, scales and magnitudes.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The longest that all gradients together may be; 0: no limit.</summary>
    public double Clip { get; init; }

    /// <summary>The optimiser.</summary>
    public OptimiserSettings Optimiser { get; init; } = new();

    /// <summary>Groups of parameters by name.</summary>
    public IReadOnlyDictionary<string, GroupSettings> Groups { get; init; } = new Dictionary<string, GroupSettings>();
}
