namespace SkPeft.Tensors.Tests.Ops;

/// <summary>What the operations are compared with: index functions evaluated in double, and seeded inputs with awkward values.</summary>
internal static class Plain
{
    public static Tensor Random(int seed, params int[] shape)
    {
        Random random = new(seed);
        Tensor tensor = new(shape);
        for (int i = 0; i < tensor.Length; i++)
        {
            tensor.Data[i] = (float)((random.NextDouble() * 6) - 3);
        }

        return tensor;
    }

    public static Tensor Of(params float[] values) => Tensor.From(values, values.Length);

    public static double At(Tensor x, params int[] index)
    {
        int offset = 0;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            offset = (offset * x[axis]) + index[axis];
        }

        return x.Data[offset];
    }

    /// <summary>Compares every element of a matrix with a function of its row and column.</summary>
    public static void ShouldBe(Tensor matrix, int rows, int columns, Func<int, int, double> expected, double tolerance = 1e-5)
    {
        matrix.Shape.ToArray().ShouldBe([rows, columns]);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                At(matrix, i, j).ShouldBe(expected(i, j), tolerance * Math.Max(1, Math.Abs(expected(i, j))), $"at [{i}, {j}]");
            }
        }
    }

    /// <summary>Compares every element with a function of the corresponding element of the argument.</summary>
    public static void ShouldBeEach(Tensor result, Tensor argument, Func<double, double> expected, double tolerance = 1e-6)
    {
        result.ShapeText.ShouldBe(argument.ShapeText);
        for (int i = 0; i < argument.Length; i++)
        {
            double right = expected(argument.Data[i]);
            ((double)result.Data[i]).ShouldBe(right, tolerance * Math.Max(1, Math.Abs(right)), $"of {argument.Data[i]}");
        }
    }
}
