namespace SkPeft.Connectors.Requests;

/// <summary>The names in <c>ChatOptions.AdditionalProperties</c> that are understood, without regard to case. Any other is refused by name.</summary>
public static class PropertyNames
{
    /// <summary>An adapter reference: <c>sentiment</c>, <c>sentiment@3</c>, <c>sentiment@prod</c>.</summary>
    public const string Adapter = "adapter";

    /// <summary>A skill's name.</summary>
    public const string Skill = "skill";

    /// <summary>For routing: the plugin of the function that asks.</summary>
    public const string Plugin = "plugin";

    /// <summary>For routing: the function that asks, as <c>Function</c> or <c>Plugin.Function</c>.</summary>
    public const string Function = "function";

    /// <summary>For routing: a tag.</summary>
    public const string Tag = "tag";

    /// <summary>For routing: tags, a list.</summary>
    public const string Tags = "tags";

    /// <summary>Drops tokens less probable than this share of the most probable one; 0 to 1.</summary>
    public const string MinP = "min_p";

    /// <summary>Locally typical sampling with this mass; above 0 to 1.</summary>
    public const string TypicalP = "typical_p";

    /// <summary>Divides positive and multiplies negative logits of tokens seen before; above 0.</summary>
    public const string RepetitionPenalty = "repetition_penalty";

    /// <summary>A map from token ids to what is added to their logits.</summary>
    public const string LogitBias = "logit_bias";

    /// <summary>How many of the most probable tokens are reported at each step, in AdditionalProperties <c>logprobs</c>.</summary>
    public const string TopLogProbs = "top_logprobs";

    /// <summary><c>exact</c>, <c>fast</c> or <c>int8</c>.</summary>
    public const string Precision = "precision";

    /// <summary>A whole number: requests of a higher one are let in first, and take the place of lower ones, which go on later. Default: 0.</summary>
    public const string Priority = "priority";

    /// <summary>Milliseconds that the whole answer may take.</summary>
    public const string Deadline = "deadline_ms";

    /// <summary>Tokens that are guessed at a time from what the text repeats (prompt lookup); 0 to 16. The same answer, faster where it repeats its prompt.</summary>
    public const string PromptLookup = "prompt_lookup";

    /// <summary>Whose share of the engine the request uses; else its skill's, else its adapter's.</summary>
    public const string Tenant = "tenant";

    /// <summary>The classes that the answer is one of: a list of words, or a map from classes to their words. In place of the skill's.</summary>
    public const string Labels = "labels";

    internal static readonly IReadOnlyList<string> All =
        [Adapter, Skill, Plugin, Function, Tag, Tags, MinP, TypicalP, RepetitionPenalty, LogitBias, TopLogProbs, Precision, Priority, Deadline, PromptLookup, Tenant, Labels];
}
