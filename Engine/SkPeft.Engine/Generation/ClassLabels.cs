using System.Globalization;

namespace SkPeft.Engine.Generation;

/// <summary>The names and probabilities of the classes of an adapter that classifies.</summary>
public static class ClassLabels
{
    /// <summary>The names to show: the adapter's own, or those that the caller has for it.</summary>
    /// <param name="adapter">An adapter with classes.</param>
    /// <param name="given">
    /// The caller's names, or none. They name the classes in order where the adapter knows numbers only; an adapter that has names must have these.
    /// </param>
    /// <param name="option">What the caller calls them.</param>
    /// <returns>A name a class, in the order of the scores.</returns>
    /// <exception cref="InvalidOptionException">The names do not fit.</exception>
    public static IReadOnlyList<string> Of(ILoadedAdapter adapter, IReadOnlyList<string> given, string option)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(given);
        IReadOnlyList<string> own = adapter.Labels;
        if (given.Count == 0 || given.Order(StringComparer.Ordinal).SequenceEqual(own.Order(StringComparer.Ordinal)))
        {
            return own;
        }

        bool isNumbered = own.Select((name, index) => name == index.ToString(CultureInfo.InvariantCulture)).All(same => same);
        return isNumbered && given.Count == own.Count
            ? given
            : throw new InvalidOptionException(option, string.Join(", ", given), isNumbered
                ? $"{own.Count} names, one for each class of the adapter"
                : $"the adapter's own classes, {string.Join(", ", own)}, or nothing");
    }

    /// <summary>Natural logarithms of <see cref="Probabilities"/>.</summary>
    /// <param name="scores">A score a class.</param>
    public static double[] LogProbabilities(IReadOnlyList<float> scores)
    {
        double normaliser = Sampling.LogProbabilities.Normaliser([.. scores]);
        return [.. scores.Select(s => s - normaliser)];
    }

    /// <summary>Softmax in double precision: probabilities that add up to 1.</summary>
    /// <param name="scores">A score a class.</param>
    public static double[] Probabilities(IReadOnlyList<float> scores) => [.. LogProbabilities(scores).Select(Math.Exp)];
}
