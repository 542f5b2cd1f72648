namespace SkPeft.Tensors.Training;

/// <summary>
/// Lends the random numbers of one step of a run to the methods that build their effects on this thread: what they drop. Where none are lent
/// (serving, evaluation, export) nothing is dropped.
/// </summary>
/// <remarks>
/// Numbers depend on the step's key and a name alone, not on who asked before: a run that is resumed, and one with other adapters beside,
/// draws the same.
/// </remarks>
public readonly struct StepDraws : IDisposable
{
    private const ulong OffsetBasis = 0xCBF29CE484222325, Prime = 0x100000001B3;

    [ThreadStatic]
    private static Lent? s_current;

    private readonly Lent? _before;

    /// <summary>Lends a step's numbers; disposing it ends that.</summary>
    /// <param name="key">The step's key.</param>
    /// <param name="firstRow">How many rows of the step ran before: a step may run in parts.</param>
    public StepDraws(ulong key, int firstRow = 0)
    {
        _before = s_current;
        s_current = new Lent(key, firstRow);
    }

    /// <summary>A mask for the rows of the batch at one place of the model.</summary>
    /// <param name="name">The place: one mask each.</param>
    /// <param name="probability">The share that is dropped, in [0, 1).</param>
    /// <returns>The mask, or null where nothing is dropped.</returns>
    public static DropoutMask? OfRows(string name, float probability) =>
        s_current is { } lent && probability > 0 ? new DropoutMask(probability, KeyOf(lent, name), lent.FirstRow) : null;

    /// <summary>A mask for a tensor of the method itself, the same in all parts of the step.</summary>
    /// <inheritdoc cref="OfRows"/>
    public static DropoutMask? OfTensor(string name, float probability) => OfRows(name, probability) is { } mask ? mask with { FirstRow = 0 } : null;

    /// <summary>Random numbers for other choices, the same in all parts of the step; null where nothing is dropped.</summary>
    /// <param name="name">What is chosen.</param>
    public static Random? Choices(string name) => s_current is { } lent ? new Random((int)(KeyOf(lent, name) >> 33)) : null;

    /// <inheritdoc/>
    public void Dispose() => s_current = _before;

    // FNV-1a of the name, and SplitMix64's finaliser: keys that are neighbours give draws that are not.
    private static ulong KeyOf(Lent lent, string name)
    {
        ulong hash = OffsetBasis;
        foreach (char c in name)
        {
            hash = unchecked((hash ^ c) * Prime);
        }

        ulong z = lent.Key ^ hash;
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }

    private sealed record Lent(ulong Key, int FirstRow);
}
