namespace SkPeft.Training.Data;

/// <summary>A line is well formed, but there is nothing to learn from it: it may be passed over where the user says so.</summary>
internal sealed class UnusableLineException(string reason) : Exception(reason);
