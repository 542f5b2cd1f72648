namespace SkPeft.Http.Answers;

/// <summary>What every piece of one answer repeats.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="Created">When it was asked for, in seconds since 1970.</param>
/// <param name="SystemFingerprint">Of the base model: the same seed repeats an answer only where this is the same.</param>
internal sealed record AnswerHead(string Id, long Created, string SystemFingerprint);
