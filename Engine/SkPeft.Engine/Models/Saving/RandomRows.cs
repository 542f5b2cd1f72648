using SkPeft.Engine.Sampling;

namespace SkPeft.Engine.Models.Saving;

/// <summary>
/// Random weights, the same for the same seed on every machine: each row is made from the seed, the tensor's name and its own number, so
/// that a model of any size is never in memory. Norms are 1, biases 0; everything else has mean 0 and deviation 1 / √columns, which
/// keeps the size of what a layer gets in what it gives.
/// </summary>
/// <param name="sizes">The model's sizes.</param>
/// <param name="seed">The seed.</param>
public sealed class RandomRows(ModelSizes sizes, long seed) : IModelRows
{
    private static readonly double s_deviation = Math.Sqrt(4 * (65536.0 * 65536.0 - 1) / 12); // of a sum of four numbers of 16 bits

    private readonly Dictionary<string, LlamaTensor> _tensors = LlamaTensor.ListOf(sizes).ToDictionary(t => t.Name, StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A model of these sizes has no such tensor.</exception>
    public void Read(string name, long row, Span<float> to)
    {
        LlamaTensor tensor = _tensors.GetValueOrDefault(name) ?? throw new ArgumentException($"The model has no tensor '{name}'.", nameof(name));
        if (tensor.Module.Kind == ModuleKind.Norm || tensor.IsBias)
        {
            to.Fill(tensor.IsBias ? 0 : 1);
            return;
        }

        SplitMix64 stream = new(Mix(Mix(seed, HashOf(name)), row));
        float unit = (float)(1 / (s_deviation * Math.Sqrt(to.Length)));
        foreach (ref float weight in to)
        {
            weight = unit * NextSum(ref stream);
        }
    }

    // Four numbers of 16 bits: bell-shaped, and whole numbers, so that no machine rounds them in its own way.
    private static int NextSum(ref SplitMix64 stream)
    {
        ulong bits = stream.NextBits();
        return (ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48) - 2 * ushort.MaxValue;
    }

    // FNV-1a: string.GetHashCode is another one in every process.
    private static long HashOf(string name) => (long)name.Aggregate(14695981039346656037ul, (hash, c) => (hash ^ c) * 1099511628211ul);

    private static long Mix(long a, long b) => (long)new SplitMix64((long)new SplitMix64(a).NextBits() ^ b).NextBits();
}
