using SkPeft.Tensors.Torch;

namespace SkPeft.Peft.Vera;

/// <summary>The shared matrices as HF PEFT draws them from <c>projection_prng_key</c> (<c>_kaiming_init</c>, peft 0.21).</summary>
internal static class Projections
{
    /// <summary>Draws A [r, inputs] and B [outputs, r], in this order from one generator.</summary>
    public static (Tensor A, Tensor B) Draw(ulong seed, int rank, int inputs, int outputs)
    {
        TorchGenerator generator = new(seed);
        return (Kaiming(generator, rank, inputs), Kaiming(generator, outputs, rank));
    }

    // U(±√3 · √2 / √fan_in), for matrices whose fan_in is the number of columns.
    private static Tensor Kaiming(TorchGenerator generator, int rows, int columns)
    {
        double bound = Math.Sqrt(3) * (Math.Sqrt(2) / Math.Sqrt(columns));
        return generator.Uniform((float)-bound, (float)bound, rows, columns);
    }
}
