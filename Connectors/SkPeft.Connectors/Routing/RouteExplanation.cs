using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Routing;

/// <summary>What a request gets, and why: every rule that was looked at, in order.</summary>
public sealed record RouteExplanation
{
    /// <summary>The adapter's reference as asked for, <c>base</c> for the bare model, or null where the request is refused.</summary>
    public string? Adapter { get; init; }

    /// <summary>The versions that the reference names now, in order; empty for the base, for refusals, and where no store was asked.</summary>
    public IReadOnlyList<AdapterVersion> Versions { get; init; } = [];

    /// <summary>The first of <see cref="Versions"/>, which most routes have one of; or null.</summary>
    public AdapterVersion? Version => Versions.Count > 0 ? Versions[0] : null;

    /// <summary>The skill whose prompt and labels are used, or null.</summary>
    public SkillDefinition? Skill { get; init; }

    /// <summary>One sentence: which rule decided, and for what value.</summary>
    public required string Reason { get; init; }

    /// <summary>True where the request would not be answered; <see cref="Reason"/> says what to do.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The rules in the order in which they were looked at.</summary>
    public IReadOnlyList<RouteStep> Steps { get; init; } = [];

    /// <summary>Whether the bare model answers.</summary>
    public bool IsBase => !IsRefused && Adapter == SkillRouter.Base;

    /// <summary>The explanation as lines for people.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        [
            IsRefused ? $"refused: {Reason}" : $"{(Versions.Count == 0 ? Adapter : string.Join(" + ", Versions.Select(v => v.Reference)))}: {Reason}",
            .. Steps.Select(s => $"  {s.Rule}: {s.Outcome}"),
        ]);
}

/// <summary>One rule that was looked at.</summary>
/// <param name="Rule">The rule: adapter, model id, skill, client, function, plugin, tag or default.</param>
/// <param name="Outcome">What it gave.</param>
/// <param name="Decided">Whether it decided.</param>
public sealed record RouteStep(string Rule, string Outcome, bool Decided);
