using Microsoft.Extensions.AI;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Requests;

/// <summary>Everything that a request may say of its answer, as typed values; null says nothing. Read from loose settings, written into options.</summary>
/// <remarks>Immutable, its lists and maps too.</remarks>
internal sealed record RequestSettings
{
    public string? Adapter { get; init; }

    public string? Skill { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyList<SkillLabel>? Labels { get; init; }

    public float? Temperature { get; init; }

    public float? TopP { get; init; }

    public int? TopK { get; init; }

    public float? MinP { get; init; }

    public float? TypicalP { get; init; }

    public float? RepetitionPenalty { get; init; }

    public float? PresencePenalty { get; init; }

    public float? FrequencyPenalty { get; init; }

    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    public int? TopLogProbs { get; init; }

    public long? Seed { get; init; }

    public int? MaxTokens { get; init; }

    public IReadOnlyList<string>? StopSequences { get; init; }

    public ChatResponseFormat? ResponseFormat { get; init; }

    public string? Precision { get; init; }

    public int? Priority { get; init; }

    public double? Deadline { get; init; }

    public int? PromptLookup { get; init; }

    public string? Tenant { get; init; }

    /// <summary>Writes what is given into options; what is not leaves them as they are.</summary>
    public void ApplyTo(ChatOptions options)
    {
        options.Temperature = Temperature ?? options.Temperature;
        options.TopP = TopP ?? options.TopP;
        options.TopK = TopK ?? options.TopK;
        options.PresencePenalty = PresencePenalty ?? options.PresencePenalty;
        options.FrequencyPenalty = FrequencyPenalty ?? options.FrequencyPenalty;
        options.Seed = Seed ?? options.Seed;
        options.MaxOutputTokens = MaxTokens ?? options.MaxOutputTokens;
        options.StopSequences = StopSequences is { } stop ? [.. stop] : options.StopSequences;
        options.ResponseFormat = ResponseFormat ?? options.ResponseFormat;
        foreach ((string name, object? value) in Named().Where(n => n.Value is not null))
        {
            (options.AdditionalProperties ??= [])[name] = value;
        }
    }

    private (string Name, object? Value)[] Named() =>
    [
        (PropertyNames.Adapter, Adapter),
        (PropertyNames.Skill, Skill),
        (PropertyNames.Tags, Tags),
        (PropertyNames.Labels, Labels),
        (PropertyNames.MinP, MinP),
        (PropertyNames.TypicalP, TypicalP),
        (PropertyNames.RepetitionPenalty, RepetitionPenalty),
        (PropertyNames.LogitBias, LogitBias),
        (PropertyNames.TopLogProbs, TopLogProbs),
        (PropertyNames.Precision, Precision),
        (PropertyNames.Priority, Priority),
        (PropertyNames.Deadline, Deadline),
        (PropertyNames.PromptLookup, PromptLookup),
        (PropertyNames.Tenant, Tenant),
    ];
}
