using SkPeft.Engine.Structured.Vocabulary;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>What may follow in a state of a terminal.</summary>
/// <param name="Within">Tokens after which the terminal still goes on, or has just ended.</param>
/// <param name="Exits">Nodes of the trie at which the terminal may end in the midst of tokens: what is below them, the next terminal decides.</param>
internal sealed record TerminalMask(TokenSet Within, IReadOnlyList<int> Exits);
