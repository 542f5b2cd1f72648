using System.Runtime.CompilerServices;
using SkPeft.Engine.Structured.Automata;
using SkPeft.Engine.Structured.Schemas;
using SkPeft.Engine.Structured.Vocabulary;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>The terminals of JSON for one vocabulary. Those that every grammar has are made once, and their masks with them.</summary>
/// <remarks>
/// White space is where people and models put it, and bounded: a blank behind a comma or colon, or a new line with an indentation. A model that
/// falls into blanks must write something else after one of these.
/// </remarks>
internal sealed class Terminals
{
    /// <summary>White space that may stand at a joint: none, a blank, or a new line and an indentation.</summary>
    private const string Blank = "(?: |\\n {0,32}|\\n\\t{0,8})?";

    private static readonly ConditionalWeakTable<VocabularyTrie, Terminals> s_shared = [];

    private readonly VocabularyTrie _trie;
    private readonly ByteAutomaton _content;
    private StringProfile? _profile;

    private Terminals(VocabularyTrie trie)
    {
        _trie = trie;
        _content = ByteAutomatonBuilder.JsonContent(TextAutomaton.AnyText, trie.Typeable);
        AnyString = String(0, null);
        AnyNumber = Regex(NumberText.Of(NumberRange.All));
        AnyInteger = Regex(NumberText.Of(NumberRange.Integers));
        Lead = Pattern(" |\\n");
        OpenObject = Pattern("\\{" + Blank);
        CloseObject = Pattern(Blank + "\\}");
        OpenArray = Pattern("\\[" + Blank);
        CloseArray = Pattern(Blank + "\\]");
        Comma = Pattern("," + Blank);
        Colon = Pattern(": ?");
    }

    public Terminal AnyString { get; }

    public Terminal AnyNumber { get; }

    public Terminal AnyInteger { get; }

    /// <summary>White space in front of the whole.</summary>
    public Terminal Lead { get; }

    public Terminal OpenObject { get; }

    public Terminal CloseObject { get; }

    public Terminal OpenArray { get; }

    public Terminal CloseArray { get; }

    public Terminal Comma { get; }

    public Terminal Colon { get; }

    public static Terminals Of(VocabularyTrie trie) => s_shared.GetValue(trie, t => new Terminals(t));

    /// <summary>A string of any characters.</summary>
    public Terminal String(int min, int? max) => new StringTerminal(_content, min, max, _trie.Longest, _trie.Typeable, ProfileOf);

    /// <summary>A string of the texts that an automaton accepts.</summary>
    public Terminal String(TextAutomaton texts) => new AutomatonTerminal(ByteAutomatonBuilder.JsonString(texts, _trie.Typeable));

    public Terminal Regex(RegexNode node) => new AutomatonTerminal(ByteAutomatonBuilder.Plain(RegexCompiler.Whole(node), _trie.Typeable));

    /// <summary>One of some texts, each of at least one character.</summary>
    public Terminal Literals(IEnumerable<string> texts) => new AutomatonTerminal(ByteAutomatonBuilder.Plain(TextAlgebra.OneOf(texts), _trie.Typeable));

    /// <summary>A property's name and its colon.</summary>
    public Terminal Key(string name) => Regex(RegexNode.Concat(RegexNode.Text(JsonText.Of(name)), RegexParser.Parse(": ?")));

    // Made when the first string is written; twice, where two requests are the first.
    private StringProfile ProfileOf(TrieWalk walk) => _profile ??= new StringProfile(
        walk, new StringTerminal(_content, 0, _trie.Longest + 1, _trie.Longest, _trie.Typeable), StringTerminal.Opened);

    private Terminal Pattern(string pattern) => Regex(RegexParser.Parse(pattern));
}
