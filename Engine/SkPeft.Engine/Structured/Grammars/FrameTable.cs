namespace SkPeft.Engine.Structured.Grammars;

/// <summary>All frames of one text: equal ones are the same object, so that states can be compared.</summary>
internal sealed class FrameTable
{
    private readonly Dictionary<(Place Place, Frame? Below), Frame> _frames = [];

    public Frame Get(Place place, Frame? below)
    {
        // A return that does nothing but return again is left out: lists and recursion at the end need no stack.
        while (below is not null && place is { IsEnd: true, Edges.Count: 0 })
        {
            (place, below) = (below.Place, below.Below);
        }

        if (!_frames.TryGetValue((place, below), out Frame? frame))
        {
            frame = new Frame(place, below, this);
            _frames.Add((place, below), frame);
        }

        return frame;
    }

    /// <summary>Forgets all frames that nobody holds; states before and after are no longer comparable.</summary>
    public void Clear() => _frames.Clear();

    public int Count => _frames.Count;

    public IReadOnlyList<Cursor> Expand(Frame frame, out bool canEnd)
    {
        HashSet<Cursor> cursors = [];
        List<Cursor> ordered = [];
        HashSet<Frame> seen = [frame];
        Stack<Frame> open = new([frame]);
        canEnd = false;
        while (open.TryPop(out Frame? at))
        {
            if (at.Place.IsEnd)
            {
                canEnd |= at.Below is null;
                Open(at.Below);
            }

            // Pushed in reverse, so that what a grammar names first comes first.
            foreach (Edge edge in Enumerable.Reverse(at.Place.Edges))
            {
                if (edge.Terminal is { } terminal)
                {
                    Cursor cursor = new(terminal, terminal.Start, Get(edge.Target, at.Below));
                    if (cursors.Add(cursor))
                    {
                        ordered.Add(cursor);
                    }
                }
                else
                {
                    Open(edge.Rule is { } rule ? Get(rule.Start, Get(edge.Target, at.Below)) : Get(edge.Target, at.Below));
                }
            }
        }

        return ordered;

        void Open(Frame? next)
        {
            if (next is not null && seen.Add(next))
            {
                open.Push(next);
            }
        }
    }
}
