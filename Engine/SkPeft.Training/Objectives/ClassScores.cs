using SkPeft.Training.Data;

namespace SkPeft.Training.Objectives;

/// <summary>Scores of classes from those of their words: logarithms of summed or averaged probabilities.</summary>
internal sealed class ClassScores
{
    private readonly Dictionary<Candidate, double> _words = new(ReferenceEqualityComparer.Instance);
    private readonly double[] _classes;
    private readonly double[] _sums;

    public ClassScores(IReadOnlyList<Candidate> candidates, Func<Candidate, double> scoreOf, WordAggregation aggregation)
    {
        int count = candidates.Max(c => c.Class) + 1;
        _sums = new double[count];
        _classes = new double[count];
        foreach (Candidate candidate in candidates)
        {
            _words.Add(candidate, scoreOf(candidate));
        }

        for (int i = 0; i < count; i++)
        {
            Candidate[] words = [.. candidates.Where(c => c.Class == i)];
            _sums[i] = LogSum(words.Select(w => _words[w]));
            _classes[i] = _sums[i] - (aggregation == WordAggregation.Mean ? Math.Log(words.Length) : 0);
        }
    }

    /// <summary>The score of a class.</summary>
    public double this[int index] => _classes[index];

    /// <summary>The class of the highest score; of equals the first.</summary>
    public int Best => Array.IndexOf(_classes, _classes.Max());

    /// <summary>The logarithm of all classes' scores together.</summary>
    public double Total => LogSum(_classes);

    /// <summary>A word's share of its class.</summary>
    public double ShareOf(Candidate word) => Math.Exp(_words[word] - _sums[word.Class]);

    private static double LogSum(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double most = all.Max();
        return double.IsNegativeInfinity(most) ? most : most + Math.Log(all.Sum(v => Math.Exp(v - most)));
    }
}
