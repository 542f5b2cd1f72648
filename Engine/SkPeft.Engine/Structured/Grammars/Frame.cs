namespace SkPeft.Engine.Structured.Grammars;

/// <summary>What remains to be written behind the present terminal: a place, and below it the places to return to.</summary>
/// <remarks>Frames of one <see cref="FrameTable"/> are equal only where they are the same.</remarks>
internal sealed class Frame(Place place, Frame? below, FrameTable table)
{
    private IReadOnlyList<Cursor>? _successors;
    private IReadOnlyList<Cursor>? _textSuccessors;
    private bool _canEnd;

    public Place Place { get; } = place;

    public Frame? Below { get; } = below;

    /// <summary>The terminals that may come next.</summary>
    public IReadOnlyList<Cursor> Successors
    {
        get
        {
            _successors ??= table.Expand(this, out _canEnd);
            return _successors;
        }
    }

    /// <summary>Those of them that text can begin: a token that is no text never stands in the midst of another.</summary>
    public IReadOnlyList<Cursor> TextSuccessors => _textSuccessors ??= [.. Successors.Where(c => c.Terminal is not TokenTerminal)];

    /// <summary>Whether the whole text may end here.</summary>
    public bool CanEnd => Successors is not null && _canEnd;
}

/// <summary>A terminal in the midst of being written.</summary>
/// <param name="Terminal">The terminal.</param>
/// <param name="State">Its state.</param>
/// <param name="After">What follows it.</param>
internal readonly record struct Cursor(Terminal Terminal, int State, Frame After);
