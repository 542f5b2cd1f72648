namespace SkPeft;

/// <summary>
/// One touch on one place of the frozen transformer. A method turns its parameters into a list of effects; the engine knows the places.
/// </summary>
/// <remarks>
/// Effects are immutable and shared by all requests of an adapter version. They carry tensors, never host pointers. Effects of the same
/// place are applied in the order of the list. The sealed effects below have kernels of their own (rows of different adapters are
/// grouped); the abstract ones are the general form: a method brings its own arithmetic, written with <c>TensorOps</c>.
/// </remarks>
public abstract class Effect
{
    private protected Effect()
    {
    }

    /// <summary>
    /// Whether some key or value that is kept for later tokens differs from the base's. Where no effect of an adapter does, its requests and the
    /// base's share cached prefixes. True unless it is certain.
    /// </summary>
    /// <param name="layers">The model's blocks.</param>
    public virtual bool ChangesKeysOrValues(int layers) => true;
}
