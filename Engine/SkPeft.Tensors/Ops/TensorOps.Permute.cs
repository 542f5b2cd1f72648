using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Axes in another order.
public static partial class TensorOps
{
    /// <summary>The same elements with the axes in another order: axis i of the result is axis axes[i] of x.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Every axis of x once; negative ones count from the end.</param>
    /// <exception cref="ArgumentException">They are not every axis once.</exception>
    public static Tensor Permute(this Tensor x, params ReadOnlySpan<int> axes)
    {
        int[] order = OrderOf(x, axes);
        int[] shape = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            shape[i] = x[order[i]];
        }

        Tensor c = ResultScope.Rent(shape);
        PermuteInto(x, order, c);
        return x.NeedsGradient ? c.With(new PermuteGradient(x, order)) : c;
    }

    private static int[] OrderOf(Tensor x, ReadOnlySpan<int> axes)
    {
        int[] order = new int[axes.Length];
        bool[] seen = new bool[x.Rank];
        bool each = axes.Length == x.Rank;
        for (int i = 0; i < axes.Length && each; i++)
        {
            order[i] = axes[i] < 0 ? axes[i] + x.Rank : axes[i];
            each = (uint)order[i] < (uint)x.Rank && !seen[order[i]];
            seen[each ? order[i] : 0] = true;
        }

        return each
            ? order
            : throw new ArgumentException($"[{string.Join(", ", axes.ToArray())}] is not every axis of shape {x.ShapeText} once.", nameof(axes));
    }

    // Goes through the result in order, and through x in steps.
    private static void PermuteInto(Tensor x, int[] order, Tensor c)
    {
        int[] steps = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            steps[i] = Split(x, order[i]).Inner;
        }

        int[] index = new int[order.Length];
        int from = 0;
        for (int to = 0; to < c.Length; to++)
        {
            c.Data[to] = x.Data[from];
            for (int axis = order.Length - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++index[axis] < c[axis])
                {
                    break;
                }

                from -= steps[axis] * c[axis];
                index[axis] = 0;
            }
        }
    }

    private sealed class PermuteGradient(Tensor x, int[] order) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            int[] inverse = new int[order.Length];
            for (int i = 0; i < order.Length; i++)
            {
                inverse[order[i]] = i;
            }

            Tensor result = gradients.Rent(x.Shape);
            PermuteInto(gradient, inverse, result);
            gradients.Add(x, result);
        }
    }
}
