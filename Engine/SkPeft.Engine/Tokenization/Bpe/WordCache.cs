using System.Collections.Concurrent;

namespace SkPeft.Engine.Tokenization.Bpe;

/// <summary>Words and their ids, of a limited number and length; forgotten all at once when full.</summary>
internal sealed class WordCache
{
    public const int MaximumLength = 64;
    private const int MaximumWords = 1 << 15;

    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private int _count;

    public WordCache() => _bySpan = _words.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryGet(ReadOnlySpan<char> word, out int[] ids)
    {
        if (word.Length <= MaximumLength && _bySpan.TryGetValue(word, out int[]? found))
        {
            ids = found;
            return true;
        }

        ids = [];
        return false;
    }

    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length > MaximumLength || !_words.TryAdd(word.ToString(), ids.ToArray()))
        {
            return;
        }

        if (Interlocked.Increment(ref _count) >= MaximumWords)
        {
            Interlocked.Exchange(ref _count, 0);
            _words.Clear();
        }
    }
}
