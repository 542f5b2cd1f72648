namespace SkPeft.Tensors.Ops;

/// <summary>Where in a tensor the rows of a larger shape are, to which it is repeated: row after row.</summary>
internal struct BroadcastWalk
{
    private readonly int[] _shape;

    // How far to go for one step along each axis of the larger shape; 0 along an axis that is repeated.
    private readonly int[] _steps;
    private readonly int[] _index;

    public BroadcastWalk(Tensor x, ReadOnlySpan<int> shape)
    {
        _shape = shape.ToArray();
        _steps = new int[shape.Length];
        _index = new int[shape.Length];
        int step = 1;
        for (int i = 1; i <= x.Rank; i++)
        {
            _steps[^i] = x.Shape[^i] == 1 ? 0 : step;
            step *= x.Shape[^i];
        }

        IsRow = _steps.Length > 0 && _steps[^1] == 1;
    }

    /// <summary>Whether the tensor has a row of its own here; else one element is repeated along the row.</summary>
    public readonly bool IsRow { get; }

    /// <summary>The first element.</summary>
    public int Offset { get; private set; }

    /// <summary>The next row, as an odometer counts.</summary>
    public void Next()
    {
        for (int axis = _shape.Length - 2; axis >= 0; axis--)
        {
            Offset += _steps[axis];
            if (++_index[axis] < _shape[axis])
            {
                break;
            }

            Offset -= _steps[axis] * _shape[axis];
            _index[axis] = 0;
        }
    }
}
