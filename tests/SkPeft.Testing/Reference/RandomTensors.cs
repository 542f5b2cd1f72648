namespace SkPeft.Testing;

/// <summary>Seeded tensors for hand-made adapters.</summary>
public static class RandomTensors
{
    /// <summary>Normally distributed values of mean 0.</summary>
    public static Tensor Normal(Random random, double deviation, params int[] shape)
    {
        Tensor tensor = new(shape);
        foreach (ref float value in tensor.Data)
        {
            value = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return tensor;
    }

    /// <summary>A tensor with a constant added to every element.</summary>
    public static Tensor Plus(this Tensor tensor, float constant)
    {
        Tensor sum = new(tensor.Shape);
        for (int i = 0; i < sum.Length; i++)
        {
            sum.Data[i] = tensor.Data[i] + constant;
        }

        return sum;
    }
}
