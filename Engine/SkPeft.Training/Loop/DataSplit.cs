using SkPeft.Training.Data;

namespace SkPeft.Training.Loop;

/// <summary>Sets some examples apart. The file's order is kept in both parts.</summary>
/// <param name="Kept">The larger part.</param>
/// <param name="Apart">The part set apart.</param>
internal sealed record DataSplit(IReadOnlyList<Example> Kept, IReadOnlyList<Example> Apart)
{
    /// <summary>Splits by a seed.</summary>
    /// <exception cref="TrainingException">One of the parts would be empty.</exception>
    public static DataSplit Of(IReadOnlyList<Example> examples, double share, int seed, string what)
    {
        int count = Math.Max(1, (int)Math.Round(examples.Count * share));
        if (count >= examples.Count)
        {
            throw new TrainingException($"{examples.Count} lines are too few to set {share:P0} of them apart for {what}.");
        }

        int[] order = [.. Enumerable.Range(0, examples.Count)];
        new Random(seed).Shuffle(order);
        HashSet<int> apart = [.. order.Take(count)];
        return new DataSplit([.. examples.Where((_, i) => !apart.Contains(i))], [.. examples.Where((_, i) => apart.Contains(i))]);
    }
}
