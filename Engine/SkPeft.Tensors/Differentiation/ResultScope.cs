namespace SkPeft.Tensors.Differentiation;

/// <summary>
/// Lends memory to the <c>TensorOps</c> of this thread for the results that they overwrite in full. Without it, and outside, results belong to
/// the garbage collector, which lets hundreds of megabytes of large arrays pile up before it looks at them.
/// </summary>
/// <remarks>Nothing that is computed inside may be read after the memory was given back.</remarks>
public readonly struct ResultScope : IDisposable
{
    [ThreadStatic]
    private static StepMemory? s_current;

    private readonly StepMemory? _before;

    /// <summary>Opens a scope; disposing it restores the one before.</summary>
    /// <param name="memory">The memory.</param>
    public ResultScope(StepMemory memory)
    {
        _before = s_current;
        s_current = memory;
    }

    /// <inheritdoc/>
    public void Dispose() => s_current = _before;

    /// <summary>Memory for a result of this thread; its contents are undefined.</summary>
    internal static Tensor Rent(params ReadOnlySpan<int> shape) => s_current?.Rent(shape) ?? new Tensor(shape);
}
