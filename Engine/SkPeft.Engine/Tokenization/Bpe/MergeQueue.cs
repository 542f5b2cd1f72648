namespace SkPeft.Engine.Tokenization.Bpe;

/// <summary>A binary heap of possible merges: lowest rank first, leftmost among equals.</summary>
internal sealed class MergeQueue
{
    private (ulong Order, int Result)[] _heap = new (ulong, int)[64];
    private int _count;

    public void Push(int rank, int position, int result)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        ulong order = ((ulong)(uint)rank << 32) | (uint)position;
        int hole = _count++;
        while (hole > 0 && _heap[(hole - 1) / 2].Order > order)
        {
            _heap[hole] = _heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }

        _heap[hole] = (order, result);
    }

    public bool TryPop(out int position, out int result)
    {
        if (_count == 0)
        {
            position = result = 0;
            return false;
        }

        (ulong order, result) = _heap[0];
        position = (int)(uint)order;
        (ulong Order, int Result) last = _heap[--_count];
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
