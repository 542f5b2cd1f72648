using System.Buffers;

namespace SkPeft.Engine.Tokenization.AddedTokens;

/// <summary>Finds the leftmost, and there the longest, of many texts.</summary>
internal sealed class TokenTrie
{
    private readonly Dictionary<(int Node, char Next), int> _edges = [];
    private readonly List<AddedToken?> _tokens = [null];
    private readonly SearchValues<char> _firsts;

    /// <summary>Takes texts and their tokens; of equal texts the first counts.</summary>
    public TokenTrie(IEnumerable<(string Text, AddedToken Token)> entries)
    {
        HashSet<char> firsts = [];
        foreach ((string text, AddedToken token) in entries.Where(e => e.Text.Length > 0))
        {
            firsts.Add(text[0]);
            int node = 0;
            foreach (char c in text)
            {
                if (!_edges.TryGetValue((node, c), out int next))
                {
                    next = _tokens.Count;
                    _tokens.Add(null);
                    _edges.Add((node, c), next);
                }

                node = next;
            }

            _tokens[node] ??= token;
        }

        _firsts = SearchValues.Create([.. firsts]);
    }

    public bool IsEmpty => _edges.Count == 0;

    /// <summary>The next match at or behind <paramref name="from"/> that <paramref name="isAllowed"/> accepts.</summary>
    public AddedToken? Find(ReadOnlySpan<char> text, int from, Func<AddedToken, int, int, bool> isAllowed, out int start, out int end)
    {
        for (start = from; start < text.Length; start++)
        {
            int skip = text[start..].IndexOfAny(_firsts);
            if (skip < 0)
            {
                break;
            }

            start += skip;
            if (LongestAt(text, start, isAllowed, out end) is { } token)
            {
                return token;
            }
        }

        start = end = text.Length;
        return null;
    }

    private AddedToken? LongestAt(ReadOnlySpan<char> text, int start, Func<AddedToken, int, int, bool> isAllowed, out int end)
    {
        AddedToken? longest = null;
        end = start;
        int node = 0;
        for (int i = start; i < text.Length && _edges.TryGetValue((node, text[i]), out node); i++)
        {
            if (_tokens[node] is { } token && isAllowed(token, start, i + 1))
            {
                (longest, end) = (token, i + 1);
            }
        }

        return longest;
    }
}
