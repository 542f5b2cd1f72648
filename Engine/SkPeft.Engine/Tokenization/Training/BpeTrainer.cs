using System.Runtime.InteropServices;

namespace SkPeft.Engine.Tokenization.Training;

/// <summary>
/// Learns byte-pair merges from counted words (Sennrich et al., arXiv 1508.07909): again and again the pair of neighbours that occurs most
/// becomes one symbol. Of equally frequent pairs the one with the smaller numbers goes first, so the same words give the same merges.
/// </summary>
internal sealed class BpeTrainer
{
    private readonly List<string> _symbols;
    private readonly List<(int[] Symbols, long Count)> _words = [];
    private readonly Dictionary<(int, int), long> _pairs = [];
    private readonly Dictionary<(int, int), HashSet<int>> _places = [];

    /// <param name="alphabet">The symbols that every word is made of, in the order of their numbers.</param>
    /// <param name="words">Words and how often they occur.</param>
    public BpeTrainer(IReadOnlyList<string> alphabet, IEnumerable<KeyValuePair<string, long>> words)
    {
        _symbols = [.. alphabet];
        Dictionary<string, int> numbers = alphabet.Select((s, i) => (s, i)).ToDictionary(p => p.s, p => p.i, StringComparer.Ordinal);
        foreach ((string word, long count) in words.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            _words.Add(([.. word.Select(c => numbers[c.ToString()])], count));
            Count(_words.Count - 1, 1);
        }
    }

    /// <summary>The alphabet and what was merged, in the order of their numbers.</summary>
    public IReadOnlyList<string> Symbols => _symbols;

    /// <summary>Learns merges until there are so many symbols, or no pair occurs twice.</summary>
    /// <param name="size">Symbols wanted, the alphabet included.</param>
    /// <returns>The merges, the most frequent first.</returns>
    public IReadOnlyList<(string Left, string Right)> Learn(int size)
    {
        List<(string, string)> merges = [];
        HashSet<string> known = new(_symbols, StringComparer.Ordinal);
        while (_symbols.Count < size && Best() is { } pair)
        {
            (int left, int right) = pair;
            string joined = _symbols[left] + _symbols[right];
            int number = known.Add(joined) ? _symbols.Count : _symbols.IndexOf(joined);
            if (number == _symbols.Count)
            {
                _symbols.Add(joined);
            }

            merges.Add((_symbols[left], _symbols[right]));
            Merge(pair, number);
        }

        return merges;
    }

    private (int Left, int Right)? Best()
    {
        (int Left, int Right)? best = null;
        long most = 1;
        foreach (((int, int) pair, long count) in _pairs)
        {
            if (count > most || (count == most && best is { } other && pair.CompareTo(other) < 0))
            {
                (best, most) = (pair, count);
            }
        }

        return best;
    }

    private void Merge((int Left, int Right) pair, int number)
    {
        foreach (int word in _places[pair].Order().ToArray())
        {
            Count(word, -1);
            int[] before = _words[word].Symbols;
            List<int> after = new(before.Length);
            for (int i = 0; i < before.Length; i++)
            {
                bool here = i + 1 < before.Length && before[i] == pair.Left && before[i + 1] == pair.Right;
                after.Add(here ? number : before[i]);
                i += here ? 1 : 0;
            }

            _words[word] = ([.. after], _words[word].Count);
            Count(word, 1);
        }
    }

    // Adds a word's pairs to the counts, or takes them away.
    private void Count(int word, int sign)
    {
        (int[] symbols, long count) = _words[word];
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            (int, int) pair = (symbols[i], symbols[i + 1]);
            ref long total = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _);
            total += sign * count;
            if (sign > 0)
            {
                ref HashSet<int>? places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, pair, out _);
                (places ??= []).Add(word);
            }
            else if (_places.TryGetValue(pair, out HashSet<int>? places))
            {
                places.Remove(word);
            }

            if (total == 0)
            {
                _pairs.Remove(pair);
                _places.Remove(pair);
            }
        }
    }
}
