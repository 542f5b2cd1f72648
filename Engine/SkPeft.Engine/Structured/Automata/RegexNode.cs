namespace SkPeft.Engine.Structured.Automata;

/// <summary>A regular expression as a tree.</summary>
internal abstract record RegexNode
{
    /// <summary>A text by itself.</summary>
    public static RegexNode Text(string text) => new SequenceNode([.. text.EnumerateRunes().Select(r => new SetNode(CharSet.Of([(r.Value, r.Value)])))]);

    public static RegexNode AnyOf(IEnumerable<RegexNode> nodes) => new ChoiceNode([.. nodes]);

    public static RegexNode Concat(params RegexNode[] nodes) => new SequenceNode(nodes);
}

/// <summary>One character of a set.</summary>
internal sealed record SetNode(CharSet Set) : RegexNode;

/// <summary>One behind the other; of none: the empty text.</summary>
internal sealed record SequenceNode(IReadOnlyList<RegexNode> Items) : RegexNode;

/// <summary>One of several; of none: nothing at all.</summary>
internal sealed record ChoiceNode(IReadOnlyList<RegexNode> Items) : RegexNode;

/// <summary>Min to Max times; Max null: as often as one likes.</summary>
internal sealed record RepeatNode(RegexNode Item, int Min, int? Max) : RegexNode;

/// <summary>True only where the text begins.</summary>
internal sealed record BeginNode : RegexNode;

/// <summary>True only where the text ends.</summary>
internal sealed record EndNode : RegexNode;
