using System.Text.RegularExpressions;

namespace ShippedModel;

/// <summary>Words of the news texts, to be drawn as names and things that nobody has seen in that place.</summary>
internal sealed partial class WordBag
{
    private readonly Random _random;
    private readonly string[] _capitalised;
    private readonly string[] _plain;

    public WordBag(IEnumerable<string> texts, Random random)
    {
        _random = random;
        string[] words = [.. texts.SelectMany(t => Word().Matches(t).Select(m => m.Value)).Distinct().Order(StringComparer.Ordinal)];
        _capitalised = [.. words.Where(w => char.IsUpper(w[0]))];
        _plain = [.. words.Where(w => char.IsLower(w[0]))];
    }

    /// <summary>One to <paramref name="most"/> capitalised words, sometimes with an article.</summary>
    public string Name(int most)
    {
        string name = string.Join(' ', Enumerable.Range(0, _random.Next(1, most + 1)).Select(_ => _capitalised[_random.Next(_capitalised.Length)]));
        return most > 1 && _random.Next(3) == 0 ? "The " + name : name;
    }

    /// <summary>One or two words as they stand in a sentence.</summary>
    public string Thing() => string.Join(' ', Enumerable.Range(0, _random.Next(1, 3)).Select(_ => _plain[_random.Next(_plain.Length)]));

    [GeneratedRegex(@"\b[A-Za-z][a-z]{2,11}\b")]
    private static partial Regex Word();
}
