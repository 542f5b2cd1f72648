using SkPeft.Engine.Structured;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Connectors.Answers;

/// <summary>Grammars by what they describe: an application asks for the same few forms again and again, and a grammar keeps its masks.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class GrammarCache(ITokenizer tokenizer)
{
    private const int Most = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TokenGrammar> _grammars = new(StringComparer.Ordinal);

    /// <exception cref="SchemaException">A schema cannot be held to.</exception>
    public TokenGrammar Get(OutputPart output)
    {
        string key = OutputKey.Of(output);
        lock (_lock)
        {
            if (_grammars.TryGetValue(key, out TokenGrammar? known))
            {
                return known;
            }
        }

        // Compiled outside the lock: a large schema must not hold up requests for others.
        TokenGrammar grammar = TokenGrammar.Compile(output, tokenizer);
        lock (_lock)
        {
            if (_grammars.Count >= Most)
            {
                _grammars.Clear();
            }

            return _grammars[key] = grammar;
        }
    }
}
