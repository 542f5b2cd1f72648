using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Demo;

/// <summary>Tensors of seeded random numbers, ready to be written.</summary>
internal sealed class SeededTensors(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<SafetensorsEntry> _entries = [];

    public IReadOnlyList<SafetensorsEntry> Entries => _entries;

    /// <summary>Adds normal numbers around <paramref name="mean"/>.</summary>
    public void Normal(string name, double mean, double deviation, params int[] shape) => Fill(name, () => mean + (deviation * Next()), shape);

    public void Values(string name, params float[] values) => _entries.Add(SafetensorsEntry.Of(name, [values.Length], values));

    private void Fill(string name, Func<double> next, int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)next();
        }

        _entries.Add(SafetensorsEntry.Of(name, shape, values));
    }

    // Box and Muller.
    private double Next() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
