namespace SkPeft.Training.Data;

/// <summary>A word that stands for a class, behind an example's prompt.</summary>
/// <param name="Class">The class, from 0.</param>
/// <param name="Passage">Prompt and word.</param>
internal sealed record Candidate(int Class, Passage Passage);

/// <summary>What a line teaches.</summary>
internal sealed record Example
{
    /// <summary>The line in the file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The task, 0 for most methods.</summary>
    public int Task { get; init; }

    /// <summary>What is to be learned word for word: one passage, or one for each answer of a conversation. Empty where only a class is known.</summary>
    public required IReadOnlyList<Passage> Passages { get; init; }

    /// <summary>The words of all classes, where the run needs them. That of the true class may be one of <see cref="Passages"/>, the same object.</summary>
    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>The true class, where the line has one.</summary>
    public int? Class { get; init; }

    /// <summary>The longest sequence in it, in tokens.</summary>
    public int LongestPassage => Passages.Concat(Candidates.Select(c => c.Passage)).Max(p => p.Ids.Length);
}

/// <summary>A line that was passed over, and why.</summary>
/// <param name="Line">The line in the file, from 1.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record SkippedLine(int Line, string Reason);
