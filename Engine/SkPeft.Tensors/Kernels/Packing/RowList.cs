namespace SkPeft.Tensors.Kernels;

/// <summary>The rows of several sources in packed order.</summary>
internal sealed class RowList
{
    private readonly (MatrixSource Source, int Row)[] _rows;

    public RowList(IReadOnlyList<MatrixSource> sources, ReadOnlySpan<int> order)
    {
        if (sources.Count == 0 || sources.Any(s => s.Columns != sources[0].Columns))
        {
            throw new ArgumentException("Fused matrices need one width; found " + string.Join(", ", sources.Select(s => s.Columns)), nameof(sources));
        }

        Columns = sources[0].Columns;
        (MatrixSource, int)[] plain = [.. sources.SelectMany(s => Enumerable.Range(0, s.Rows).Select(r => (s, r)))];
        _rows = order.IsEmpty ? plain : Permute(plain, order);
    }

    public int Count => _rows.Length;

    public int Columns { get; }

    public (MatrixSource Source, int Row) this[int row] => _rows[row];

    private static (MatrixSource, int)[] Permute((MatrixSource, int)[] plain, ReadOnlySpan<int> order)
    {
        if (order.Length != plain.Length)
        {
            throw new ArgumentException($"The order lists {order.Length} rows, the matrices have {plain.Length}.", nameof(order));
        }

        var taken = new bool[plain.Length];
        var permuted = new (MatrixSource, int)[plain.Length];
        for (int i = 0; i < order.Length; i++)
        {
            if ((uint)order[i] >= (uint)plain.Length || taken[order[i]])
            {
                throw new ArgumentException($"The order is no permutation: entry {i} is {order[i]}.", nameof(order));
            }

            taken[order[i]] = true;
            permuted[i] = plain[order[i]];
        }

        return permuted;
    }
}
