using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

internal static class DropoutCases
{
    public static IEnumerable<GradientCase> All =>
    [
        // Widths around those of vectors; the reference draws element by element.
        Of("a matrix", new DropoutMask(0.3f, 7), 5, 19),
        Of("rows of two axes, not from the first", new DropoutMask(0.5f, 8, FirstRow: 3), 2, 3, 33),
        Of("a vector", new DropoutMask(0.1f, 9), 40),
    ];

    private static GradientCase Of(string title, DropoutMask mask, params int[] shape) => new(
        nameof(TensorOps.Dropout), title, x => x[0].Dropout(mask),
        x => Numbers.Make(shape, i => IsKept(mask, shape, i) ? x[0][i] / (1 - (double)mask.Probability) : 0), [Plain.Random(1, shape)]);

    private static bool IsKept(DropoutMask mask, int[] shape, int[] index)
    {
        int row = 0;
        for (int axis = 0; axis < index.Length - 1; axis++)
        {
            row = (row * shape[axis]) + index[axis];
        }

        return DropoutNumbers.At(mask, row, index[^1]) >= mask.Probability * 4294967296.0;
    }
}
