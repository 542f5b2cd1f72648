using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>
/// Backtracking over code points, with a stack of its own (so that no text can overflow the thread's) and a limit on steps
/// (so that no pattern can hang).
/// </summary>
internal ref struct PatternMatcher(PatternStep[] steps, ReadOnlySpan<char> text, Stack<PatternMatcher.Alternative> stack, long budget)
{
    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>Steps left; below 0 after a match that took too many, whose result is void.</summary>
    public long Budget { get; private set; } = budget;

    /// <summary>The end of the match that begins at a place and at a step; −1 where there is none.</summary>
    public int Match(int at, int step = 0)
    {
        int floor = stack.Count;
        while (Budget-- > 0)
        {
            if (Advance(ref at, ref step, out bool isDone))
            {
                if (isDone)
                {
                    DropTo(floor);
                    return at;
                }

                continue;
            }

            if (stack.Count == floor)
            {
                return -1;
            }

            (step, at) = TakeAlternative();
        }

        DropTo(floor);
        Budget = -1;
        return -1;
    }

    private bool Advance(ref int at, ref int step, out bool isDone)
    {
        PatternStep now = steps[step];
        isDone = false;
        switch (now.Op)
        {
            case PatternOp.Set:
                step++;
                return TryTake(now.Set!, ref at);
            case PatternOp.Loop or PatternOp.PossessiveLoop:
                return Loop(now, ref at, ref step);
            case PatternOp.Split:
                stack.Push(new Alternative(now.B, at, at));
                step = now.A;
                return true;
            case PatternOp.Jump:
                step = now.A;
                return true;
            case PatternOp.Atomic:
                at = Match(at, step + 1);
                step = now.A;
                return at >= 0;
            case PatternOp.Look or PatternOp.LookNot:
                bool found = TryStepBack(at, now.B, out int start) && Match(start, step + 1) >= 0;
                step = now.A;
                return found == (now.Op == PatternOp.Look);
            case PatternOp.Anchor:
                step++;
                return Holds((AnchorKind)now.A, at);
            default:
                isDone = true;
                return true;
        }
    }

    private readonly bool TryTake(CodePointSet set, ref int at)
    {
        if (at >= _text.Length || !set.Contains(CodePoints.At(_text, at, out int length)))
        {
            return false;
        }

        at += length;
        return true;
    }

    private bool Loop(PatternStep loop, ref int at, ref int step)
    {
        int least = at;
        int count = 0;
        while (count < loop.B && TryTake(loop.Set!, ref at))
        {
            count++;
            least = count == loop.A ? at : least;
        }

        Budget -= count;
        step++;
        if (count < loop.A)
        {
            return false;
        }

        if (loop.Op == PatternOp.Loop && at > least)
        {
            stack.Push(new Alternative(step, at, least, IsLoop: true));
        }

        return true;
    }

    private readonly (int Step, int At) TakeAlternative()
    {
        Alternative top = stack.Pop();
        if (!top.IsLoop)
        {
            return (top.Step, top.At);
        }

        CodePoints.Before(_text, top.At, out int at);
        if (at > top.Least)
        {
            stack.Push(top with { At = at });
        }

        return (top.Step, at);
    }

    private readonly bool TryStepBack(int at, int count, out int start)
    {
        start = at;
        for (; count > 0 && start > 0; count--)
        {
            CodePoints.Before(_text, start, out start);
        }

        return count == 0;
    }

    private readonly bool Holds(AnchorKind kind, int at) => kind switch
    {
        AnchorKind.LineStart => at == 0 || (_text[at - 1] == '\n' && at < _text.Length),
        AnchorKind.LineEnd => at == _text.Length || _text[at] == '\n',
        AnchorKind.TextStart => at == 0,
        AnchorKind.TextEnd => at == _text.Length,
        AnchorKind.TextEndOrNewline => at == _text.Length || (at == _text.Length - 1 && _text[at] == '\n'),
        AnchorKind.WordBoundary => IsBoundary(at),
        _ => !IsBoundary(at),
    };

    private readonly bool IsBoundary(int at) =>
        (at > 0 && CharacterClasses.IsWord(CodePoints.Before(_text, at, out _))) != (at < _text.Length && CharacterClasses.IsWord(CodePoints.At(_text, at, out _)));

    private readonly void DropTo(int floor)
    {
        while (stack.Count > floor)
        {
            stack.Pop();
        }
    }

    /// <summary>Where to go on when the present way fails; a loop may give back characters down to <paramref name="Least"/>.</summary>
    internal readonly record struct Alternative(int Step, int At, int Least, bool IsLoop = false);
}
