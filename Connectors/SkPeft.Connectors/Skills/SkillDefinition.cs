namespace SkPeft.Connectors.Skills;

/// <summary>A named task: which adapter answers, when it is chosen, and how its prompt is made.</summary>
public sealed record SkillDefinition
{
    /// <summary>Its name, unique without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The adapter's reference (see <see cref="ComposedReference"/>: a multitask adapter needs its task, <c>prompts@prod#1</c>; several may act together, <c>tone+facts</c>), or <c>base</c> where the configuration allows the bare model.</summary>
    public required string Adapter { get; init; }

    /// <summary>Functions that lead here: <c>Function</c>, or <c>Plugin.Function</c>, which goes before it. Without regard to case.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    /// <summary>Plugins whose functions lead here.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary>Tags of a request that lead here.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether requests that nothing else claims come here.</summary>
    public bool Default { get; init; }

    /// <summary>The prompt with <c>{input}</c> where the user's text goes; null uses the model's chat template.</summary>
    public string? Prompt { get; init; }

    /// <summary>The classes of a verbaliser and their words; empty for skills that generate.</summary>
    public IReadOnlyList<SkillLabel> Labels { get; init; } = [];

    /// <summary>Most tokens of an answer where the request does not say; null: what the client says.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Where it is written, for messages: a configuration key such as <c>SkPeft:Skills:1</c>.</summary>
    public string Key { get; init; } = "";
}

/// <summary>A class that a skill may answer.</summary>
/// <param name="Name">The answer's text.</param>
/// <param name="Words">What the model may say for it; one is enough.</param>
public sealed record SkillLabel(string Name, IReadOnlyList<string> Words);
