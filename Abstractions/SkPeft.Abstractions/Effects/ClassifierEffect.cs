namespace SkPeft;

/// <summary>
/// A classification head: scores = W h + b, where h is the last token's row behind the final norm (Hugging Face's SEQ_CLS adapters). It
/// takes the place of the vocabulary: the adapter answers with one score a class and generates no text.
/// </summary>
public sealed class ClassifierEffect : Effect
{
    /// <summary>Creates the effect.</summary>
    /// <param name="weight">W, [classes, hidden].</param>
    /// <param name="bias">b, [classes], or null for none.</param>
    /// <param name="labels">The names of the classes in the order of the scores; null: their numbers.</param>
    public ClassifierEffect(Tensor weight, Tensor? bias, IReadOnlyList<string>? labels = null)
    {
        Weight = weight;
        Bias = bias;
        Labels = labels ?? [.. Enumerable.Range(0, weight.Rank > 0 ? weight[0] : 0).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
    }

    /// <inheritdoc/>
    public override bool ChangesKeysOrValues(int layers) => false;

    /// <summary>W, [classes, hidden].</summary>
    public Tensor Weight { get; }

    /// <summary>b, [classes], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>The names of the classes, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }
}
