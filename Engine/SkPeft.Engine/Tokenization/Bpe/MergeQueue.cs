namespace SkPeft.Engine.Tokenization.Bpe;

/// <summary>A merge that is possible: of which neighbours, where, and into what.</summary>
internal readonly record struct PossibleMerge(ulong Order, int Left, int Right, int Result)
{
    public PossibleMerge(int rank, int position, int left, int right, int result)
        : this(((ulong)(uint)rank << 32) | (uint)position, left, right, result)
    {
    }

    public int Position => (int)(uint)Order;
}

/// <summary>A binary heap of possible merges: lowest rank first, leftmost among equals.</summary>
internal sealed class MergeQueue
{
    private PossibleMerge[] _heap = new PossibleMerge[64];
    private int _count;

    public void Push(PossibleMerge merge)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        int hole = _count++;
        while (hole > 0 && _heap[(hole - 1) / 2].Order > merge.Order)
        {
            _heap[hole] = _heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }

        _heap[hole] = merge;
    }

    public bool TryPop(out PossibleMerge best)
    {
        best = _heap[0];
        if (_count == 0)
        {
            return false;
        }

        PossibleMerge last = _heap[--_count];
        int hole = 0;
        for (int child = 1; child < _count; child = (2 * hole) + 1)
        {
            if (child + 1 < _count && _heap[child + 1].Order < _heap[child].Order)
            {
                child++;
            }

            if (_heap[child].Order >= last.Order)
            {
                break;
            }

            _heap[hole] = _heap[child];
            hole = child;
        }

        _heap[hole] = last;
        return true;
    }
}
