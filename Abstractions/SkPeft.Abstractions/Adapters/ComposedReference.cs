using System.Globalization;

namespace SkPeft;

/// <summary>
/// What answers a request: one stored adapter, or several that act together, in this order, each with a weight where its method only adds:
/// <c>tone@prod+facts@3</c>, <c>formal*0.7+legal*0.3</c>.
/// </summary>
/// <param name="Parts">The adapters, at least one, in the order in which their effects are applied.</param>
public sealed record ComposedReference(IReadOnlyList<ReferencePart> Parts)
{
    /// <summary>What stands between two adapters.</summary>
    public const char PartMark = '+';

    /// <summary>What stands between an adapter and its weight.</summary>
    public const char WeightMark = '*';

    /// <summary>The most adapters that act together.</summary>
    public const int MaximumParts = 8;

    /// <summary>Whether it is one adapter at its own strength, which needs no composing.</summary>
    public bool IsSingle => Parts is [{ Weight: 1 }];

    /// <summary>Whether a stored adapter is among them.</summary>
    /// <param name="name">Its name, without a version.</param>
    public bool Uses(string name) => Parts.Any(p => p.Reference.Stored.Name == name);

    /// <summary>The versions that the parts name now, in their order; tasks and weights choose no version.</summary>
    /// <param name="store">Where they are.</param>
    /// <exception cref="AdapterNotFoundException">One of the parts names nothing.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<AdapterVersion> Resolve(IAdapterStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return [.. Parts.Select(p => store.Resolve($"{p.Reference.Stored}"))];
    }

    /// <summary>Reads a reference; one adapter alone is a composition of one.</summary>
    /// <exception cref="StoreException">It is not legal; the message says which part and what is legal.</exception>
    public static ComposedReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(PartMark);
        if (words.Length > MaximumParts)
        {
            throw new StoreException($"'{text}' names {words.Length} adapters, expected at most {MaximumParts} on one request.");
        }

        ReferencePart[] parts = [.. words.Select(w => ParsePart(words.Length == 1 ? w : w.Trim(), text))];
        return parts.GroupBy(p => p.Reference).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new StoreException($"'{text}' names '{twice.Key}' twice: name it once, with the weight that it should have ('{twice.Key}{WeightMark}2').")
            : new ComposedReference(parts);
    }

    /// <summary>The reference as text, without spaces.</summary>
    public override string ToString() => Write(Parts.Select(p => ($"{p.Reference}", p.Weight)));

    /// <summary>Adapters under other names (their exact versions) and their weights, as text.</summary>
    /// <param name="parts">A name and a weight each.</param>
    public static string Write(IEnumerable<(string Name, float Weight)> parts) => string.Join(
        PartMark, parts.Select(p => p.Weight == 1 ? p.Name : string.Create(CultureInfo.InvariantCulture, $"{p.Name}{WeightMark}{p.Weight}")));

    private static ReferencePart ParsePart(string word, string whole)
    {
        int at = word.IndexOf(WeightMark, StringComparison.Ordinal);
        if (at < 0)
        {
            return new ReferencePart(ServedReference.Parse(word), 1);
        }

        string weight = word[(at + 1)..];
        return float.TryParse(weight, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value) && value != 0
            ? new ReferencePart(ServedReference.Parse(word[..at]), value)
            : throw new StoreException($"'{whole}' is not a reference: after '{WeightMark}' stands '{weight}', expected a weight, a number other than 0, for instance '0.5'.");
    }
}

/// <summary>One adapter of a composition.</summary>
/// <param name="Reference">The adapter.</param>
/// <param name="Weight">What its additions are multiplied by; 1 leaves them as they are.</param>
public sealed record ReferencePart(ServedReference Reference, float Weight);
