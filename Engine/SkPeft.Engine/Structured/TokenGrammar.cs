using SkPeft.Engine.Sampling;
using SkPeft.Engine.Structured.Grammars;
using SkPeft.Engine.Structured.Vocabulary;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Engine.Structured;

/// <summary>
/// What an answer may look like, compiled for one vocabulary. An answer that is held to it can be read by it whenever it ends by itself; one that
/// the limit of tokens or a stop text cuts off is the beginning of such an answer.
/// </summary>
/// <remarks>Immutable but for its cache of masks; safe for concurrent use. Compiling costs milliseconds: keep it where it is used again.</remarks>
public sealed class TokenGrammar
{
    private readonly VocabularyTrie _trie;
    private readonly Rule _root;

    private TokenGrammar(VocabularyTrie trie, Rule root) => (_trie, _root) = (trie, root);

    /// <summary>Compiles.</summary>
    /// <param name="output">What the answer consists of.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <exception cref="SchemaException">A schema is malformed, asks for what is not supported, or has no value at all.</exception>
    /// <exception cref="InvalidOptionException">The vocabulary cannot write such an answer.</exception>
    public static TokenGrammar Compile(OutputPart output, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(tokenizer);
        VocabularyTrie trie = VocabularyTrie.Of(tokenizer);
        Rule root = new OutputWriter(trie).Write(output);
        return Productivity.Trim(root)
            ? new TokenGrammar(trie, root)
            : throw new InvalidOptionException("output", "a form that this vocabulary has no tokens for", "one that its tokens can write");
    }

    /// <summary>Begins an answer.</summary>
    /// <param name="ends">Tokens that end it.</param>
    /// <exception cref="InvalidOptionException">No token ends an answer.</exception>
    internal ITokenConstraint Start(IReadOnlySet<int> ends) => Open(ends);

    internal TokenConstraint Open(IReadOnlySet<int> ends) =>
        ends.Any(id => id >= 0 && id < _trie.Vocabulary)
            ? new TokenConstraint(_trie, _root, ends)
            : throw new InvalidOptionException("output", "a form for a model without an end token", "a model that can end its answer, or end ids");
}
