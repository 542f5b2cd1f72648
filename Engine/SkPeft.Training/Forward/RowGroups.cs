using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>The rows of a batch, adapter by adapter, without gaps.</summary>
internal sealed class RowGroups
{
    private readonly List<RowGroup> _groups = [];

    /// <summary>The groups in the order of the rows; neighbours have different effects.</summary>
    public IReadOnlyList<RowGroup> All => _groups;

    /// <summary>Rows in all groups.</summary>
    public int Rows { get; private set; }

    /// <summary>Appends rows.</summary>
    public void Append(EffectIndex effects, int count)
    {
        if (count == 0)
        {
            return;
        }

        if (_groups.Count > 0 && ReferenceEquals(_groups[^1].Effects, effects))
        {
            _groups[^1] = _groups[^1] with { Count = _groups[^1].Count + count };
        }
        else
        {
            _groups.Add(new RowGroup(effects, Rows, count));
        }

        Rows += count;
    }

    /// <summary>Computes new rows group by group; a single group sees the tensor itself.</summary>
    /// <param name="x">[rows, width].</param>
    /// <param name="change">Gets a group and its rows of x, gives as many rows.</param>
    public Tensor Map(Tensor x, Func<RowGroup, Tensor, Tensor> change) =>
        _groups.Count == 1
            ? change(_groups[0], x)
            : TensorOps.Concat(0, [.. _groups.Select(g => change(g, x.Slice(0, g.First, g.Count)))]);
}
