using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;
using SkPeft.Http.Errors;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Http.Requests;

/// <summary>The parameters that chat and text completions share: how tokens are chosen, and when an answer ends.</summary>
/// <remarks>Ranges are checked where they are used, in the connector and the sampler: one rule for every door.</remarks>
internal static class SamplingParameters
{
    private const string MaxTokens = "max_tokens";
    private const string MaxCompletionTokens = "max_completion_tokens";

    private const string Priority = "priority";

    public static IReadOnlyList<Parameter> All { get; } =
    [
        new("temperature", ParameterKind.Number, "0 takes the most probable token (the default); above 0 draws. With top_p, top_k, min_p, typical_p or n > 1 alone the default is 1."),
        new("top_p", ParameterKind.Number, "Keeps the smallest set of most probable tokens whose probabilities reach it."),
        new("top_k", ParameterKind.Integer, "Keeps the k most probable tokens; 0 keeps all."),
        new("min_p", ParameterKind.Number, "Drops tokens less probable than this share of the most probable one."),
        new("typical_p", ParameterKind.Number, "Locally typical sampling with this mass."),
        new("repetition_penalty", ParameterKind.Number, "Divides positive and multiplies negative logits of tokens seen before."),
        new("presence_penalty", ParameterKind.Number, "Subtracted once from the logits of tokens of the answer so far."),
        new("frequency_penalty", ParameterKind.Number, "Subtracted from a token's logit for each of its occurrences in the answer so far."),
        new("logit_bias", ParameterKind.Object, "Token ids (as texts) and what is added to their logits."),
        new("seed", ParameterKind.Integer, "Same seed, same request, same text. Choice i of n has seed + i."),
        new("stop", ParameterKind.TextOrTexts, "Texts that end the answer and are not part of it."),
        new(MaxTokens, ParameterKind.Integer, "Most tokens of an answer."),
        new(MaxCompletionTokens, ParameterKind.Integer, "Most tokens of an answer; the newer name of max_tokens."),
        new(PropertyNames.Deadline, ParameterKind.Number, "Milliseconds that the whole answer may take; then it is a 504. The server's own limit stands above it."),
        new(PropertyNames.PromptLookup, ParameterKind.Integer, "Tokens that are guessed at a time from what the text repeats, 0 to 16: the same answer, faster where it repeats its prompt."),
        new(Priority, ParameterKind.Integer, "Requests of a lower number are let in first, and take the place of those of a higher one, which go on later (vLLM's convention). Default: 0; a key may be bound to a least number."),
        new("precision", ParameterKind.Text, PrecisionNames.Meaning),
    ];

    public static void Apply(ObjectReader body, ChatOptions options)
    {
        options.Temperature = Single(body, "temperature");
        options.TopP = Single(body, "top_p");
        options.TopK = body.Integer("top_k", int.MinValue, int.MaxValue);
        options.PresencePenalty = Single(body, "presence_penalty");
        options.FrequencyPenalty = Single(body, "frequency_penalty");
        options.Seed = body.Long("seed");
        options.StopSequences = body.Texts("stop") is { Count: > 0 } stop ? [.. stop] : null;
        options.MaxOutputTokens = ReadMaxTokens(body);
        options.AdditionalProperties ??= [];
        foreach (string name in (string[])[PropertyNames.MinP, PropertyNames.TypicalP, PropertyNames.RepetitionPenalty, PropertyNames.Deadline])
        {
            Set(options, name, body.Number(name, double.MinValue, double.MaxValue));
        }

        Set(options, PropertyNames.Precision, body.Text("precision"));
        Set(options, PropertyNames.PromptLookup, body.Integer(PropertyNames.PromptLookup, 0, 16));
        Set(options, PropertyNames.LogitBias, ReadBias(body));
    }

    /// <summary>How urgent it is: the lower number goes first. Null where nothing is said.</summary>
    public static int? ReadPriority(ObjectReader body) => body.Integer(Priority, -int.MaxValue, int.MaxValue);

    /// <summary>The request of one of several answers: another seed, and a draw where nothing says how to choose.</summary>
    public static ChatOptions ForChoice(ChatOptions options, int index, int count)
    {
        ChatOptions own = options.Clone();
        own.Seed = options.Seed is { } seed ? unchecked(seed + index) : null;
        if (count > 1)
        {
            own.Temperature ??= 1;
        }

        return own;
    }

    public static void Set(ChatOptions options, string name, object? value)
    {
        if (value is not null)
        {
            options.AdditionalProperties ??= [];
            options.AdditionalProperties[name] = value;
        }
    }

    private static float? Single(ObjectReader body, string name) => (float?)body.Number(name, float.MinValue, float.MaxValue);

    private static int? ReadMaxTokens(ObjectReader body)
    {
        int? older = body.Integer(MaxTokens, 1, int.MaxValue), newer = body.Integer(MaxCompletionTokens, 1, int.MaxValue);
        return older is null || newer is null || older == newer
            ? newer ?? older
            : throw ApiException.BadValue(MaxTokens, $"{older}", $"{newer}, which {MaxCompletionTokens} says, or only one of the two");
    }

    private static JsonElement? ReadBias(ObjectReader body) => body.Any("logit_bias") is not { } bias ? null
        : bias.ValueKind == JsonValueKind.Object ? bias.Clone()
        : throw body.Wrong("logit_bias", bias, "an object: token ids and what is added to their logits");
}
