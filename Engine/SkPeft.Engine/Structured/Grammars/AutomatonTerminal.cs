using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>What a finite automaton accepts.</summary>
internal sealed class AutomatonTerminal(ByteAutomaton automaton) : Terminal
{
    public override int Start => 0;

    public override bool IsEmpty => automaton.IsEmpty;

    public override int Next(int state, byte value) => automaton.Next(state, value);

    public override bool Accepts(int state) => automaton.Accepts(state);
}
