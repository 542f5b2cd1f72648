using System.Text.Json.Serialization;
using SkPeft.Http.Answers;

namespace SkPeft.Http.Completions;

/// <summary>An answer of <c>/v1/completions</c>.</summary>
internal sealed record TextCompletion(
    string Id, string Object, long Created, string Model, IReadOnlyList<TextChoice> Choices, Usage Usage, string SystemFingerprint, ReceiptBody Skpeft)
{
    public const string Kind = "text_completion";
}

/// <summary>One event of a streamed answer.</summary>
internal sealed record TextChunk(
    string Id, string Object, long Created, string Model, IReadOnlyList<TextChoice> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StreamUsage? Usage,
    string SystemFingerprint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReceiptBody? Skpeft);

/// <summary>One of the answers, or what an event adds to it.</summary>
/// <param name="Index">Which one.</param>
/// <param name="Text">What the model said.</param>
/// <param name="Logprobs">The tokens' log-probabilities, where they were asked for.</param>
/// <param name="FinishReason">stop or length, once it has ended.</param>
/// <param name="Seed">The seed that repeats it.</param>
internal sealed record TextChoice(
    int Index, string Text, TextLogprobs? Logprobs, string? FinishReason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Seed);

/// <summary>Log-probabilities in the older form: lists that run side by side.</summary>
internal sealed record TextLogprobs(
    IReadOnlyList<string> Tokens, IReadOnlyList<double> TokenLogprobs, IReadOnlyList<IReadOnlyDictionary<string, double>> TopLogprobs, IReadOnlyList<int> TextOffset);
