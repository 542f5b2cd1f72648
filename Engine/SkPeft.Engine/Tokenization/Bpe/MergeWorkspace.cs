using System.Runtime.InteropServices;

namespace SkPeft.Engine.Tokenization.Bpe;

/// <summary>Symbols of one word as a linked list, and the merging of them: O(n log n) for n symbols. Not for several threads.</summary>
internal sealed class MergeWorkspace
{
    private readonly MergeQueue _queue = new();
    private readonly List<Symbol> _symbols = [];

    public void Add(int id) => _symbols.Add(new Symbol { Id = id, Previous = _symbols.Count - 1, Next = _symbols.Count + 1 });

    /// <summary>Applies every merge that there is and moves the symbols to a list.</summary>
    public void MergeInto(MergeTable merges, List<int> ids)
    {
        Span<Symbol> symbols = CollectionsMarshal.AsSpan(_symbols);
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            Offer(merges, symbols, i, i + 1);
        }

        while (_queue.TryPop(out PossibleMerge merge))
        {
            Merge(merges, symbols, merge);
        }

        for (int i = 0; i < symbols.Length; i = symbols[i].Next)
        {
            ids.Add(symbols[i].Id);
        }

        _symbols.Clear();
    }

    private void Merge(MergeTable merges, Span<Symbol> symbols, PossibleMerge merge)
    {
        int at = merge.Position;
        ref Symbol left = ref symbols[at];

        // An entry is stale when one of its symbols has been merged in the meantime.
        if (left.Id != merge.Left || left.Next >= symbols.Length || symbols[left.Next].Id != merge.Right)
        {
            return;
        }

        ref Symbol right = ref symbols[left.Next];
        left.Id = merge.Result;
        left.Next = right.Next;
        right.Id = Symbol.Gone;
        if (left.Next < symbols.Length)
        {
            symbols[left.Next].Previous = at;
            Offer(merges, symbols, at, left.Next);
        }

        if (left.Previous >= 0)
        {
            Offer(merges, symbols, left.Previous, at);
        }
    }

    private void Offer(MergeTable merges, Span<Symbol> symbols, int left, int right)
    {
        if (merges.TryGet(symbols[left].Id, symbols[right].Id, out int rank, out int result))
        {
            _queue.Push(new PossibleMerge(rank, left, symbols[left].Id, symbols[right].Id, result));
        }
    }

    private struct Symbol
    {
        public const int Gone = -1;

        public int Id;
        public int Previous;
        public int Next;
    }
}
