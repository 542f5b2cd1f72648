using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Operations with vectors (scales, biases, gains of norms) on rows of many adapters and layers, collected to run together: the segments of a
/// grouped kernel. Kept and filled again, so that a step allocates nothing.
/// </summary>
internal sealed unsafe class RowPass
{
    private readonly List<RowItem> _items = [];
    private readonly List<RowStep> _steps = [];

    /// <summary>Rows and their first steps.</summary>
    public ReadOnlySpan<RowItem> Items => CollectionsMarshal.AsSpan(_items);

    /// <summary>The steps of all items, one after the other.</summary>
    public ReadOnlySpan<RowStep> Steps => CollectionsMarshal.AsSpan(_steps);

    /// <summary>Begins an item; rows of different items must not overlap. Without a step it stays without effect.</summary>
    public void Begin(float* x, long strideX, float* y, long strideY, int count, int width) =>
        _items.Add(new RowItem(x, strideX, y, strideY, count, width, _steps.Count));

    /// <summary>Begins an item whose operations read nothing but its own rows.</summary>
    public void Begin(float* y, long strideY, int count, int width) => Begin(y, strideY, y, strideY, count, width);

    /// <summary>The next step of the item that was begun last.</summary>
    public void Then(RowStep step) => _steps.Add(step);

    /// <summary>Forgets all of it: vectors belong to adapters that come and go.</summary>
    public void Clear()
    {
        _items.Clear();
        _steps.Clear();
    }
}
