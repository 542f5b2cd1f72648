using SkPeft.Engine.Structured.Vocabulary;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>One special token, such as Mistral's <c>[TOOL_CALLS]</c>: it is no text, and no text is it.</summary>
internal sealed class TokenTerminal(int token) : Terminal
{
    public override int Start => 0;

    public override bool IsEmpty => false;

    public override int Next(int state, byte value) => -1;

    public override int NextToken(int state, int next) => state == 0 && next == token ? 1 : -1;

    public override bool Accepts(int state) => state == 1;

    protected override TerminalMask Compute(int state, TrieWalk walk)
    {
        TokenSet set = new(walk.Trie.Vocabulary);
        if (state == 0)
        {
            set.Add(token);
        }

        return new TerminalMask(set, []);
    }
}
