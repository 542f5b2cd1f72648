namespace SkPeft.Tensors.Tests.Differentiation;

/// <summary>An array of doubles with a shape, for references that share nothing with the operations they check.</summary>
internal sealed class Numbers
{
    private Numbers(double[] values, int[] shape)
    {
        Values = values;
        Shape = shape;
    }

    public double[] Values { get; }

    public int[] Shape { get; }

    public double this[params int[] index] => Values[OffsetOf(index)];

    public static Numbers Of(Tensor tensor) => new([.. tensor.Data.ToArray().Select(v => (double)v)], tensor.Shape.ToArray());

    /// <summary>Fills a shape with a function of the index.</summary>
    public static Numbers Make(int[] shape, Func<int[], double> element)
    {
        Numbers result = new(new double[shape.Aggregate(1, (product, extent) => product * extent)], shape);
        for (int i = 0; i < result.Values.Length; i++)
        {
            result.Values[i] = element(result.IndexOf(i));
        }

        return result;
    }

    public Numbers Each(Func<double, double> function) => new([.. Values.Select(function)], Shape);

    /// <summary>The element that meets an index of a shape to which this one is repeated.</summary>
    public double Repeated(int[] index) =>
        this[[.. index[(index.Length - Shape.Length)..].Select((i, axis) => Shape[axis] == 1 ? 0 : i)]];

    public static double Sum(int count, Func<int, double> term) => Enumerable.Range(0, count).Sum(term);

    /// <summary>The index with another number at one axis.</summary>
    public static int[] At(int[] index, int axis, int value) => [.. index.Select((i, a) => a == axis ? value : i)];

    private int OffsetOf(int[] index)
    {
        index.Length.ShouldBe(Shape.Length);
        int offset = 0;
        for (int axis = 0; axis < Shape.Length; axis++)
        {
            index[axis].ShouldBeInRange(0, Shape[axis] - 1);
            offset = (offset * Shape[axis]) + index[axis];
        }

        return offset;
    }

    private int[] IndexOf(int offset)
    {
        int[] index = new int[Shape.Length];
        for (int axis = Shape.Length - 1; axis >= 0; axis--)
        {
            index[axis] = offset % Shape[axis];
            offset /= Shape[axis];
        }

        return index;
    }
}
