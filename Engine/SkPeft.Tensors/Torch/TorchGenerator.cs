using SkPeft.Tensors.Formats.Quantization;

namespace SkPeft.Tensors.Torch;

/// <summary>
/// PyTorch's random numbers on the CPU: what <c>torch.Generator("cpu").manual_seed(seed)</c> gives. Adapters' files name seeds in place of
/// tensors, so the same numbers are needed here.
/// </summary>
/// <param name="seed">The seed.</param>
/// <remarks>Used by one thread at a time.</remarks>
public sealed class TorchGenerator(ulong seed)
{
    /// <summary>From this size on, torch.randperm draws in another way.</summary>
    public const long PermutationLimit = uint.MaxValue / 20;

    private readonly MersenneTwister _bits = new(seed);

    /// <summary>The first elements of <c>torch.randperm(size)</c>.</summary>
    /// <param name="size">What is permuted: 0 … size − 1.</param>
    /// <param name="count">How many; at most all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not below <see cref="PermutationLimit"/>, or the count is not within it.</exception>
    public long[] FirstOfPermutation(long size, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(size, PermutationLimit);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, size);

        // Element i is swapped with one from i on. Only what was moved is kept: all else is still in its place.
        Dictionary<long, long> moved = [];
        long[] first = new long[count];
        for (long i = 0; i < count; i++)
        {
            // The last element has nothing to be swapped with, and nothing is drawn for it.
            long other = i == size - 1 ? i : i + (_bits.Next() % (size - i));
            first[i] = moved.GetValueOrDefault(other, other);
            moved[other] = moved.GetValueOrDefault(i, i);
        }

        return first;
    }

    /// <summary><c>tensor.uniform_(from, to)</c> in single precision.</summary>
    /// <param name="from">The lower end.</param>
    /// <param name="to">The upper end.</param>
    /// <param name="shape">The extents.</param>
    public Tensor Uniform(float from, float to, params ReadOnlySpan<int> shape) => Uniform(from, to, v => v, shape);

    /// <summary><c>tensor.uniform_(from, to)</c> in bfloat16.</summary>
    /// <inheritdoc cref="Uniform(float, float, ReadOnlySpan{int})"/>
    public Tensor UniformBFloat16(float from, float to, params ReadOnlySpan<int> shape) => Uniform(from, to, ToBFloat16, shape);

    /// <summary>The nearest value that bfloat16 has, ties to even.</summary>
    public static float ToBFloat16(float value) => BitConverter.UInt32BitsToSingle((uint)FloatEncoders.ToBFloat16(value) << 16);

    private Tensor Uniform(float from, float to, Func<float, float> round, ReadOnlySpan<int> shape)
    {
        const uint Mask = (1 << 24) - 1;
        (from, to) = (round(from), round(to));
        float range = round(to - from);
        Tensor tensor = new(shape);
        foreach (ref float element in tensor.Data)
        {
            // As many of the lower bits as a single has digits; PyTorch's compilers fuse the product with the sum. The upper end, which only
            // rounding can reach, becomes the lower one.
            float value = round(MathF.FusedMultiplyAdd((_bits.Next() & Mask) / (float)(Mask + 1), range, from));
            element = value == to ? from : value;
        }

        return tensor;
    }
}
