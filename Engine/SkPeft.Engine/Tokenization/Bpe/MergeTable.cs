namespace SkPeft.Engine.Tokenization.Bpe;

/// <summary>Which pairs of tokens become which token, and in what order.</summary>
internal sealed class MergeTable(int capacity = 0)
{
    private readonly Dictionary<ulong, (int Rank, int Result)> _merges = new(capacity);

    public int Count => _merges.Count;

    /// <summary>States a merge; a pair stated twice takes the later rank, as in the reference.</summary>
    public void Set(int left, int right, int rank, int result) => _merges[Key(left, right)] = (rank, result);

    public bool TryGet(int left, int right, out int rank, out int result)
    {
        bool found = _merges.TryGetValue(Key(left, right), out (int Rank, int Result) merge);
        (rank, result) = merge;
        return found;
    }

    /// <summary>All merges as (left, right, rank), best rank first.</summary>
    public IEnumerable<(int Left, int Right, int Rank)> InOrder() => _merges
        .Select(m => ((int)(m.Key >> 32), (int)(uint)m.Key, m.Value.Rank))
        .OrderBy(m => m.Rank).ThenBy(m => m.Item1).ThenBy(m => m.Item2);

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}
