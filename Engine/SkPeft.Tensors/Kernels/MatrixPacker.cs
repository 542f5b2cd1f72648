namespace SkPeft.Tensors.Kernels;

/// <summary>Repacks stored weights into panels.</summary>
public static class MatrixPacker
{
    /// <summary>Packs one matrix.</summary>
    public static PackedMatrix Pack(MatrixSource source) => Pack([source]);

    /// <summary>Packs matrices of equal width one below the other (fused q|k|v or gate|up).</summary>
    /// <param name="sources">The matrices, at least one.</param>
    /// <param name="rowOrder">Packed row i is row <c>rowOrder[i]</c> of the concatenation; empty keeps the order.</param>
    /// <exception cref="ArgumentException">Widths differ, or the order is not a permutation of the rows.</exception>
    public static PackedMatrix Pack(IReadOnlyList<MatrixSource> sources, ReadOnlySpan<int> rowOrder = default)
    {
        var rows = new RowList(sources, rowOrder);
        return new FloatPanels(rows);
    }
}
