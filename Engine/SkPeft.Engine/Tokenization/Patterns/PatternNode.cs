namespace SkPeft.Engine.Tokenization.Patterns;

internal enum RepeatMode
{
    Greedy,
    Lazy,
    Possessive,
}

internal enum AnchorKind
{
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    TextEndOrNewline,
    WordBoundary,
    NotWordBoundary,
}

/// <summary>A regular expression as a tree.</summary>
internal abstract record PatternNode
{
    /// <summary>The shortest match, in code points.</summary>
    public abstract int Minimum { get; }

    /// <summary>The longest match; null where there is no limit.</summary>
    public abstract int? Maximum { get; }
}

internal sealed record SetNode(CodePointSet Set) : PatternNode
{
    public override int Minimum => 1;

    public override int? Maximum => 1;
}

internal sealed record SequenceNode(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override int Minimum => Parts.Sum(p => p.Minimum);

    public override int? Maximum => Parts.Any(p => p.Maximum is null) ? null : Parts.Sum(p => p.Maximum);
}

internal sealed record ChoiceNode(IReadOnlyList<PatternNode> Options) : PatternNode
{
    public override int Minimum => Options.Min(p => p.Minimum);

    public override int? Maximum => Options.Any(p => p.Maximum is null) ? null : Options.Max(p => p.Maximum);
}

internal sealed record RepeatNode(PatternNode Body, int Least, int? Most, RepeatMode Mode) : PatternNode
{
    public override int Minimum => Body.Minimum * Least;

    public override int? Maximum => Body.Maximum * Most;
}

internal sealed record LookNode(PatternNode Body, bool Behind, bool Negative) : PatternNode
{
    public override int Minimum => 0;

    public override int? Maximum => 0;
}

internal sealed record AtomicNode(PatternNode Body) : PatternNode
{
    public override int Minimum => Body.Minimum;

    public override int? Maximum => Body.Maximum;
}

internal sealed record AnchorNode(AnchorKind Kind) : PatternNode
{
    public override int Minimum => 0;

    public override int? Maximum => 0;
}
