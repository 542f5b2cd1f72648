using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

/// <summary>The walk over tensors that broadcast with each other, and the sum that takes a gradient back over it. Nothing is recorded.</summary>
internal static class Broadcasting
{
    /// <summary>Applies an operation to each two elements that meet.</summary>
    public static Tensor Apply<TOperation>(Tensor a, Tensor b)
        where TOperation : struct, IBroadcastOperation
    {
        Tensor c = a.Shape.SequenceEqual(b.Shape) ? ResultScope.Rent(a.Shape) : ResultScope.Rent(CommonShape(a, b));
        Apply<TOperation>(a, b, c);
        return c;
    }

    /// <summary>The same into a tensor of the common shape.</summary>
    public static void Apply<TOperation>(Tensor a, Tensor b, Tensor c)
        where TOperation : struct, IBroadcastOperation
    {
        if (a.Shape.SequenceEqual(b.Shape))
        {
            TOperation.Apply(a.Data, b.Data, c.Data);
            return;
        }

        int width = c.Rank == 0 ? 1 : c[^1];
        BroadcastWalk ofA = new(a, c.Shape);
        BroadcastWalk ofB = new(b, c.Shape);
        for (int start = 0; start < c.Length; start += width, ofA.Next(), ofB.Next())
        {
            Span<float> row = c.Data.Slice(start, width);
            if (ofA.IsRow && ofB.IsRow)
            {
                TOperation.Apply(a.Data.Slice(ofA.Offset, width), b.Data.Slice(ofB.Offset, width), row);
            }
            else if (ofA.IsRow)
            {
                TOperation.Apply(a.Data.Slice(ofA.Offset, width), b.Data[ofB.Offset], row);
            }
            else
            {
                TOperation.Apply(a.Data[ofA.Offset], b.Data.Slice(ofB.Offset, ofB.IsRow ? width : 1), row);
            }
        }
    }

    /// <summary>sum += x, where every element of sum gets all elements of x that it was repeated to.</summary>
    /// <param name="x">A gradient of the common shape.</param>
    /// <param name="sum">A shape that broadcasts to it.</param>
    public static void AddSummed(Tensor x, Tensor sum)
    {
        int width = x.Rank == 0 ? 1 : x[^1];
        BroadcastWalk walk = new(sum, x.Shape);
        for (int start = 0; start < x.Length; start += width, walk.Next())
        {
            ReadOnlySpan<float> row = x.Data.Slice(start, width);
            if (walk.IsRow)
            {
                Span<float> to = sum.Data.Slice(walk.Offset, width);
                TensorPrimitives.Add(to, row, to);
            }
            else
            {
                sum.Data[walk.Offset] += TensorPrimitives.Sum(row);
            }
        }
    }

    private static int[] CommonShape(Tensor a, Tensor b)
    {
        int[] shape = new int[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= shape.Length; i++)
        {
            int ofA = i <= a.Rank ? a.Shape[^i] : 1;
            int ofB = i <= b.Rank ? b.Shape[^i] : 1;
            shape[^i] = ofA == ofB || ofB == 1 ? ofA
                : ofA == 1 ? ofB
                : throw new ArgumentException($"Shapes {a.ShapeText} and {b.ShapeText} do not broadcast: extents {ofA} and {ofB} differ and neither is 1.", nameof(b));
        }

        return shape;
    }
}
