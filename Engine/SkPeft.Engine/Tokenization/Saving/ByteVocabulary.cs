using SkPeft.Engine.Models;
using SkPeft.Engine.Tokenization.Loading;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Saving;

/// <summary>
/// A vocabulary for a model that was made up: one token a byte, the roles that its configuration names, and filler. Good enough for
/// programs that do not open a model without one.
/// </summary>
public static class ByteVocabulary
{
    private const int Bytes = 256;

    /// <summary>Builds the vocabulary.</summary>
    /// <param name="source">The file to be named in messages.</param>
    /// <param name="size">Tokens in all.</param>
    /// <param name="bos">The id that begins a text, or null.</param>
    /// <param name="ends">The ids that end an answer.</param>
    /// <returns>Null where the bytes do not fit beside the other roles.</returns>
    public static GgufVocabulary? Of(string source, int size, int? bos, IReadOnlyList<int> ends)
    {
        ArgumentNullException.ThrowIfNull(ends);
        Dictionary<int, string> roles = ends.Select((id, i) => (id, Text: i == 0 ? "<|end|>" : $"<|end_{i}|>")).ToDictionary(r => r.id, r => r.Text);
        if (bos is { } begin)
        {
            _ = roles.TryAdd(begin, "<|begin|>");
        }

        if (size < Bytes + roles.Count)
        {
            return null;
        }

        (string[] tokens, int[] types) = (new string[size], new int[size]);
        int next = 0;
        for (int id = 0; id < size; id++)
        {
            (tokens[id], types[id]) = roles.TryGetValue(id, out string? role) ? (role, GgufTokenType.Control)
                : next < Bytes ? (ByteAlphabet.Characters[next++].ToString(), GgufTokenType.Normal)
                : (GgufFiller.Spelling(id), GgufTokenType.Unused);
        }

        GgufVocabulary vocabulary = new(source, "gpt2", "gpt-2", tokens) { TokenTypes = types, Merges = [], Bos = bos, AddBos = false };
        return GgufEndTokens.AddTo(vocabulary, ends);
    }
}
