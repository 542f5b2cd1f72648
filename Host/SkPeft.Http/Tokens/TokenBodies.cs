using System.Text.Json.Serialization;

namespace SkPeft.Http.Tokens;

/// <summary>What <c>/tokenize</c> answers.</summary>
internal sealed record TokenizeResponse(
    int Count, int MaxModelLen, IReadOnlyList<int> Tokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? TokenStrs);

/// <summary>What <c>/detokenize</c> answers.</summary>
internal sealed record DetokenizeResponse(string Prompt);
