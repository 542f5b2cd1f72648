namespace SkPeft.Host.Training;

/// <summary>A curve in one line of text.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Draws means of equal stretches of the values; the lowest is the lowest bar.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        int count = Math.Min(width, values.Count);
        double[] means = new double[count];
        for (int i = 0; i < count; i++)
        {
            int from = (int)((long)values.Count * i / count), to = (int)((long)values.Count * (i + 1) / count);
            means[i] = values.Skip(from).Take(to - from).Average();
        }

        if (count == 0)
        {
            return "";
        }

        double least = means.Min(), span = means.Max() - least;
        return string.Concat(means.Select(m => Bars[span > 0 && double.IsFinite(span) ? (int)Math.Min(Bars.Length - 1, (m - least) / span * Bars.Length) : 0]));
    }
}
