using SkPeft.Tensors.Torch;

namespace SkPeft.Peft.RandLora;

/// <summary>The shared matrices as HF PEFT draws them from <c>projection_prng_key</c> (peft 0.21, on a machine with bfloat16).</summary>
/// <param name="Seed">The seed.</param>
/// <param name="IsSparse">Whether they are of −1, 0 and 1, two thirds of them 0 (<c>sparse</c>).</param>
/// <param name="IsVerySparse">Whether nearly all of them are 0 (<c>very_sparse</c>, which comes first).</param>
internal sealed record RandomBases(ulong Seed, bool IsSparse, bool IsVerySparse)
{
    /// <summary>Reads the keys.</summary>
    public static RandomBases Read(AdapterConfigReader reader) =>
        new(TorchSeed.Read(reader, "projection_prng_key", 0), reader.Flag("sparse", false), reader.Flag("very_sparse", false));

    /// <summary>Draws A [r, 1, small] and B [large, count, r], each divided by the standard deviation of its elements.</summary>
    public (Tensor A, Tensor B) Draw(int rank, int small, int large, int count)
    {
        TorchGenerator generator = new(Seed);
        if (IsSparse || IsVerySparse)
        {
            double sparsity = IsVerySparse ? Math.Sqrt(small) : 3;
            Tensor a = generator.Uniform(0, 1, rank, 1, small);
            Tensor b = generator.Uniform(0, 1, large, count, rank);
            return (Ternary(a, sparsity), Ternary(b, sparsity));
        }

        Tensor first = Dense(generator, rank, small, small);
        Tensor second = new(large, count, rank);
        for (int i = 0; i < count; i++)
        {
            Tensor part = Dense(generator, large, rank, rank);
            for (int row = 0; row < large; row++)
            {
                part.Row(row).CopyTo(second.Row(row)[(i * rank)..]);
            }
        }

        return (Divide(first.View(rank, 1, small), TorchGenerator.ToBFloat16), Divide(second, TorchGenerator.ToBFloat16));
    }

    // kaiming_uniform_(a = √5), U(±1/√fan_in), in bfloat16 as HF has it.
    private static Tensor Dense(TorchGenerator generator, int rows, int columns, int fanIn)
    {
        double bound = Math.Sqrt(3) * (Math.Sqrt(2.0 / 6) / Math.Sqrt(fanIn));
        return generator.UniformBFloat16((float)-bound, (float)bound, rows, columns);
    }

    private static Tensor Ternary(Tensor uniform, double sparsity)
    {
        double share = 1 / (2 * sparsity);
        Tensor signs = new(uniform.Shape);
        for (int i = 0; i < signs.Length; i++)
        {
            float value = uniform.Data[i];
            signs.Data[i] = value < (float)share ? -1 : value > (float)(1 - share) ? 1 : 0;
        }

        return Divide(signs, v => v);
    }

    // The unbiased standard deviation, and the quotients, rounded to the type that HF has them in.
    private static Tensor Divide(Tensor x, Func<float, float> round)
    {
        double mean = 0;
        foreach (float value in x.Data)
        {
            mean += value;
        }

        mean /= x.Length;
        double squares = 0;
        foreach (float value in x.Data)
        {
            squares += (value - mean) * (value - mean);
        }

        float deviation = round((float)Math.Sqrt(squares / (x.Length - 1)));
        Tensor result = new(x.Shape);
        for (int i = 0; i < x.Length; i++)
        {
            result.Data[i] = round(x.Data[i] / deviation);
        }

        return result;
    }
}
