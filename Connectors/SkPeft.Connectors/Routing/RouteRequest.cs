namespace SkPeft.Connectors.Routing;

/// <summary>What a request says about who should answer it.</summary>
public sealed record RouteRequest
{
    /// <summary>The adapter named by the request itself (AdditionalProperties <c>adapter</c>).</summary>
    public string? Adapter { get; init; }

    /// <summary>The adapter named by <c>ChatOptions.ModelId</c>.</summary>
    public string? ModelId { get; init; }

    /// <summary>The skill named by the request itself (AdditionalProperties <c>skill</c>).</summary>
    public string? Skill { get; init; }

    /// <summary>The skill that the client was made for, for instance one resolved from services by its key.</summary>
    public string? ClientSkill { get; init; }

    /// <summary>The adapter that the client was made for, with the prompt of <see cref="ClientSkill"/> where that is given too.</summary>
    public string? ClientAdapter { get; init; }

    /// <summary>The function that asks, as <c>Function</c> or <c>Plugin.Function</c>.</summary>
    public string? Function { get; init; }

    /// <summary>The plugin that the function belongs to.</summary>
    public string? Plugin { get; init; }

    /// <summary>Tags of the request.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
