using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors;

/// <summary>Start values of parameters, by PyTorch's names for them.</summary>
public static class StartValues
{
    /// <summary>The same elements as a tensor whose gradient can be taken.</summary>
    public static Tensor Parameter(Tensor value) => value.With(new Leaf());

    /// <summary>All elements alike.</summary>
    public static Tensor Constant(float value, params ReadOnlySpan<int> shape)
    {
        Tensor tensor = new(shape);
        tensor.Data.Fill(value);
        return tensor;
    }

    /// <summary>Independent draws from N(0, deviation²), by Box and Muller's transform.</summary>
    public static Tensor Normal(Random random, float deviation, params ReadOnlySpan<int> shape)
    {
        Tensor tensor = new(shape);
        foreach (ref float element in tensor.Data)
        {
            // 1 - u is in (0, 1]: its logarithm is finite.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            element = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return tensor;
    }

    /// <summary>Independent draws from the interval (−bound, bound).</summary>
    public static Tensor Uniform(Random random, float bound, params ReadOnlySpan<int> shape)
    {
        Tensor tensor = new(shape);
        foreach (ref float element in tensor.Data)
        {
            element = (float)(((2 * random.NextDouble()) - 1) * bound);
        }

        return tensor;
    }

    /// <summary><c>kaiming_uniform_(a = √5)</c>, PyTorch's default for linear layers: U(±1/√fanIn), where fanIn is the product of all extents but the first.</summary>
    public static Tensor KaimingUniform(Random random, params ReadOnlySpan<int> shape)
    {
        int fanIn = 1;
        foreach (int extent in shape[1..])
        {
            fanIn *= extent;
        }

        return Uniform(random, 1f / MathF.Sqrt(Math.Max(1, fanIn)), shape);
    }
}
