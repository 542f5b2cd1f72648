namespace SkPeft.Tensors.Ops;

// The walk over two tensors that broadcast with each other.
public static partial class TensorOps
{
    private static Tensor Broadcast<TOperation>(Tensor a, Tensor b)
        where TOperation : struct, IBroadcastOperation
    {
        if (a.Shape.SequenceEqual(b.Shape))
        {
            Tensor same = new(a.Shape);
            TOperation.Apply(a.Data, b.Data, same.Data);
            return same;
        }

        int rank = Math.Max(a.Rank, b.Rank);
        int[] shape = CommonShape(a, b, rank);
        Tensor c = new(shape);
        if (c.Length == 0)
        {
            return c;
        }

        if (rank == 0)
        {
            TOperation.Apply(a.Data, b.Data, c.Data);
            return c;
        }

        int[] stepsOfA = Steps(a, rank);
        int[] stepsOfB = Steps(b, rank);
        int[] index = new int[rank];
        int width = shape[^1];
        int offsetOfA = 0;
        int offsetOfB = 0;
        for (int start = 0; start < c.Length; start += width)
        {
            Span<float> row = c.Data.Slice(start, width);
            if (stepsOfA[^1] == 1 && stepsOfB[^1] == 1)
            {
                TOperation.Apply(a.Data.Slice(offsetOfA, width), b.Data.Slice(offsetOfB, width), row);
            }
            else if (stepsOfA[^1] == 1)
            {
                TOperation.Apply(a.Data.Slice(offsetOfA, width), b.Data[offsetOfB], row);
            }
            else
            {
                TOperation.Apply(a.Data[offsetOfA], b.Data.Slice(offsetOfB, stepsOfB[^1] == 1 ? width : 1), row);
            }

            // The next row, as an odometer counts.
            for (int axis = rank - 2; axis >= 0; axis--)
            {
                offsetOfA += stepsOfA[axis];
                offsetOfB += stepsOfB[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                offsetOfA -= stepsOfA[axis] * shape[axis];
                offsetOfB -= stepsOfB[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return c;
    }

    private static int[] CommonShape(Tensor a, Tensor b, int rank)
    {
        int[] shape = new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int ofA = i <= a.Rank ? a.Shape[^i] : 1;
            int ofB = i <= b.Rank ? b.Shape[^i] : 1;
            shape[^i] = ofA == ofB || ofB == 1 ? ofA
                : ofA == 1 ? ofB
                : throw new ArgumentException($"Shapes {a.ShapeText} and {b.ShapeText} do not broadcast: extents {ofA} and {ofB} differ and neither is 1.", nameof(b));
        }

        return shape;
    }

    /// <summary>How far to go in x for one step along each axis of the result; 0 along an axis that is repeated.</summary>
    private static int[] Steps(Tensor x, int rank)
    {
        int[] steps = new int[rank];
        int step = 1;
        for (int i = 1; i <= x.Rank; i++)
        {
            steps[^i] = x.Shape[^i] == 1 ? 0 : step;
            step *= x.Shape[^i];
        }

        return steps;
    }
}
