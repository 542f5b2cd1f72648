namespace SkPeft.Host.Scoring;

/// <summary>What is scored behind a prompt.</summary>
internal enum ScoreKind
{
    /// <summary>Words that stand for classes, as text.</summary>
    Labels,

    /// <summary>The classes of an adapter that has a head for them.</summary>
    Classes,

    /// <summary>One text.</summary>
    Completion,
}
