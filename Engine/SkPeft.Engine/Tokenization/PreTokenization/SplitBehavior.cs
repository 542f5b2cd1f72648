namespace SkPeft.Engine.Tokenization.PreTokenization;

/// <summary>What becomes of a delimiter that a split finds: <c>the-final--countdown</c> cut at <c>-</c>.</summary>
internal enum SplitBehavior
{
    /// <summary>the, final, countdown.</summary>
    Removed,

    /// <summary>the, -, final, -, -, countdown.</summary>
    Isolated,

    /// <summary>the-, final-, -, countdown.</summary>
    MergedWithPrevious,

    /// <summary>the, -final, -, -countdown.</summary>
    MergedWithNext,

    /// <summary>the, -, final, --, countdown.</summary>
    Contiguous,
}
