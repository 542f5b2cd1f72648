using SkPeft.Training.Optimisation;

namespace SkPeft.Training;

/// <summary>The rules by which gradients change parameters.</summary>
public enum OptimiserKind
{
    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,

    /// <summary>Adafactor without momentum.</summary>
    Adafactor,

    /// <summary>Gradient descent, with momentum where it is given.</summary>
    Sgd,
}

/// <summary>An optimiser and its constants; each rule reads its own.</summary>
public sealed record OptimiserSettings
{
    /// <summary>The rule.</summary>
    public OptimiserKind Kind { get; init; } = OptimiserKind.AdamW;

    /// <summary>AdamW: the share of the old mean of gradients that is kept.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW: the share of the old mean of squares that is kept.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>AdamW: added to the root.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>SGD: the share of the old velocity that is kept.</summary>
    public double Momentum { get; init; }

    /// <summary>SGD: whether the step looks ahead along the velocity.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Adafactor: the means keep 1 − step^−DecayRate.</summary>
    public double DecayRate { get; init; } = 0.8;

    /// <summary>Adafactor: the root mean square that an update may have.</summary>
    public double ClipThreshold { get; init; } = 1;

    /// <summary>Adafactor: whether the rate is multiplied by the parameter's size.</summary>
    public bool ScaleParameter { get; init; }

    /// <summary>Adafactor: whether the rate is at most 1/√step.</summary>
    public bool RelativeStep { get; init; }

    internal Optimiser Create() => Kind switch
    {
        OptimiserKind.Adafactor => new Adafactor(DecayRate, ClipThreshold, ScaleParameter, RelativeStep),
        OptimiserKind.Sgd => new Sgd(Momentum, Nesterov),
        _ => new AdamW(Beta1, Beta2, Epsilon),
    };
}
