using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>Repacks stored weights into panels that hold the same values, bit for bit.</summary>
public static class MatrixPacker
{
    /// <summary>Packs one matrix.</summary>
    /// <param name="source">The matrix.</param>
    /// <param name="team">Workers to share the packing, or null.</param>
    public static PackedMatrix Pack(MatrixSource source, WorkerTeam? team = null) => Pack([source], default, team);

    /// <summary>Packs matrices of equal width one below the other (fused q|k|v or gate|up).</summary>
    /// <param name="sources">The matrices, at least one. Where their formats differ, a format is chosen that holds all exactly.</param>
    /// <param name="rowOrder">Packed row i is row <c>rowOrder[i]</c> of the concatenation; empty keeps the order.</param>
    /// <param name="team">Workers to share the packing, or null.</param>
    /// <exception cref="ArgumentException">Widths differ, or the order is not a permutation of the rows.</exception>
    public static PackedMatrix Pack(IReadOnlyList<MatrixSource> sources, ReadOnlySpan<int> rowOrder = default, WorkerTeam? team = null)
    {
        var rows = new RowList(sources, rowOrder);
        PanelKind kind = sources.Select(s => PanelKinds.Of(s.Type)).Aggregate(PanelKinds.Common);
        return TryPack(rows, kind, team) ?? TryPack(rows, PanelKind.Single, team)!;
    }

    private static PackedMatrix? TryPack(RowList rows, PanelKind kind, WorkerTeam? team)
    {
        var matrix = new PackedMatrix(kind, rows.Count, rows.Columns);
        var work = new PackWork(rows, matrix);
        if (team is null)
        {
            work.Execute(0, 1);
        }
        else
        {
            team.Run(work);
        }

        if (!work.Rejected)
        {
            return matrix;
        }

        matrix.Dispose();
        return null;
    }
}
