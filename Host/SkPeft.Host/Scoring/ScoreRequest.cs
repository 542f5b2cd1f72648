using SkPeft.Host.Models;

namespace SkPeft.Host.Scoring;

/// <summary>What <c>score</c> was asked for: labels, or a completion.</summary>
/// <param name="Session">Model and adapter.</param>
/// <param name="Data">The JSONL file.</param>
/// <param name="Prompt">The prompt's template.</param>
/// <param name="Labels">The labels; empty where a completion is scored, or the adapter's own classes under its own names.</param>
/// <param name="LabelField">The field with the true label, where one was named.</param>
/// <param name="Completion">The completion's template.</param>
/// <param name="Limit">How many lines; null: all.</param>
internal sealed record ScoreRequest(
    SessionOptions Session, string Data, string Prompt, IReadOnlyList<string> Labels, string? LabelField, string? Completion, int? Limit);
