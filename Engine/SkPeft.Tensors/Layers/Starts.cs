namespace SkPeft.Tensors.Layers;

/// <summary>Start values as functions of the run's random numbers and the shape, by PyTorch's names for them.</summary>
public static class Starts
{
    /// <summary>All elements 0.</summary>
    public static Func<Random, int[], Tensor> Zero { get; } = (_, shape) => new Tensor(shape);

    /// <summary><see cref="StartValues.KaimingUniform"/>.</summary>
    public static Func<Random, int[], Tensor> Kaiming { get; } = (random, shape) => StartValues.KaimingUniform(random, shape);

    /// <summary>All elements alike.</summary>
    public static Func<Random, int[], Tensor> Constant(float value) => (_, shape) => StartValues.Constant(value, shape);

    /// <summary>Draws from N(mean, deviation²).</summary>
    public static Func<Random, int[], Tensor> Normal(float mean, float deviation) => (random, shape) =>
    {
        Tensor tensor = StartValues.Normal(random, deviation, shape);
        System.Numerics.Tensors.TensorPrimitives.Add(tensor.Data, mean, tensor.Data);
        return tensor;
    };
}
