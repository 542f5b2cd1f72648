using System.Globalization;

namespace SkPeft.Engine.Tokenization.Patterns;

internal enum PatternOp
{
    /// <summary>One code point of the set.</summary>
    Set,

    /// <summary>As many code points of the set as possible, A to B of them; gives back one by one.</summary>
    Loop,

    /// <summary>The same, and gives back none.</summary>
    PossessiveLoop,

    /// <summary>Tries A first, then B.</summary>
    Split,

    /// <summary>Goes on at A.</summary>
    Jump,

    /// <summary>What follows, up to Accept, is matched as a whole and never tried again; goes on at A.</summary>
    Atomic,

    /// <summary>What follows must match here, or B code points back; goes on at A.</summary>
    Look,

    /// <summary>The opposite.</summary>
    LookNot,

    /// <summary>The place A is of a kind.</summary>
    Anchor,

    /// <summary>The end.</summary>
    Accept,
}

internal readonly record struct PatternStep(PatternOp Op, int A = 0, int B = 0, CodePointSet? Set = null);

/// <summary>A tree made into steps for <see cref="PatternMatcher"/>.</summary>
internal sealed class PatternProgram
{
    private const int MaximumSteps = 20_000;
    private readonly List<PatternStep> _steps = [];

    private PatternProgram()
    {
    }

    /// <exception cref="PatternSyntaxException">It is too large.</exception>
    public static PatternStep[] Compile(PatternNode pattern)
    {
        PatternProgram program = new();
        program.Emit(pattern);
        program.Add(new PatternStep(PatternOp.Accept));
        return [.. program._steps];
    }

    private int Add(PatternStep step)
    {
        if (_steps.Count >= MaximumSteps)
        {
            throw new PatternSyntaxException(string.Create(CultureInfo.InvariantCulture, $"it takes more than {MaximumSteps} steps"));
        }

        _steps.Add(step);
        return _steps.Count - 1;
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case SetNode set:
                Add(new PatternStep(PatternOp.Set, Set: set.Set));
                break;
            case SequenceNode sequence:
                foreach (PatternNode part in sequence.Parts)
                {
                    Emit(part);
                }

                break;
            case ChoiceNode choice:
                EmitChoice(choice.Options);
                break;
            case RepeatNode { Body: SetNode one, Mode: not RepeatMode.Lazy } repeat:
                PatternOp loop = repeat.Mode == RepeatMode.Greedy ? PatternOp.Loop : PatternOp.PossessiveLoop;
                Add(new PatternStep(loop, repeat.Least, repeat.Most ?? int.MaxValue, one.Set));
                break;
            case RepeatNode { Mode: RepeatMode.Possessive } repeat:
                EmitPart(PatternOp.Atomic, repeat with { Mode = RepeatMode.Greedy });
                break;
            case RepeatNode repeat:
                EmitRepeat(repeat);
                break;
            case AtomicNode atomic:
                EmitPart(PatternOp.Atomic, atomic.Body);
                break;
            case LookNode look:
                EmitPart(look.Negative ? PatternOp.LookNot : PatternOp.Look, look.Body, look.Behind ? look.Body.Minimum : 0);
                break;
            case AnchorNode anchor:
                Add(new PatternStep(PatternOp.Anchor, (int)anchor.Kind));
                break;
        }
    }

    private void EmitPart(PatternOp op, PatternNode body, int back = 0)
    {
        int at = Add(new PatternStep(op));
        Emit(body);
        Add(new PatternStep(PatternOp.Accept));
        _steps[at] = new PatternStep(op, _steps.Count, back);
    }

    private void EmitChoice(IReadOnlyList<PatternNode> options)
    {
        List<int> jumps = [];
        for (int i = 0; i < options.Count - 1; i++)
        {
            int split = Add(new PatternStep(PatternOp.Split));
            Emit(options[i]);
            jumps.Add(Add(new PatternStep(PatternOp.Jump)));
            _steps[split] = new PatternStep(PatternOp.Split, split + 1, _steps.Count);
        }

        Emit(options[^1]);
        foreach (int jump in jumps)
        {
            _steps[jump] = new PatternStep(PatternOp.Jump, _steps.Count);
        }
    }

    private void EmitRepeat(RepeatNode repeat)
    {
        for (int i = 0; i < repeat.Least; i++)
        {
            Emit(repeat.Body);
        }

        bool isLazy = repeat.Mode == RepeatMode.Lazy;
        List<int> splits = [];
        int optional = repeat.Most is { } most ? most - repeat.Least : 1;
        for (int i = 0; i < optional; i++)
        {
            splits.Add(Add(new PatternStep(PatternOp.Split)));
            Emit(repeat.Body);
        }

        if (repeat.Most is null)
        {
            Add(new PatternStep(PatternOp.Jump, splits[0]));
        }

        foreach (int split in splits)
        {
            _steps[split] = isLazy ? new PatternStep(PatternOp.Split, _steps.Count, split + 1) : new PatternStep(PatternOp.Split, split + 1, _steps.Count);
        }
    }
}
