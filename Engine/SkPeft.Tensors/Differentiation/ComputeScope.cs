using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Differentiation;

/// <summary>
/// Lends a compute context to the <c>TensorOps</c> of this thread, so that large matrix products run on its team and kernels. Without one
/// they run on the calling thread.
/// </summary>
/// <remarks>Only the thread that owns the context may open a scope with it.</remarks>
public readonly struct ComputeScope : IDisposable
{
    [ThreadStatic]
    private static ComputeContext? s_current;

    private readonly ComputeContext? _before;

    /// <summary>Opens a scope; disposing it restores the one before.</summary>
    /// <param name="context">The context.</param>
    public ComputeScope(ComputeContext context)
    {
        _before = s_current;
        s_current = context;
    }

    /// <summary>The context lent to this thread, or null.</summary>
    internal static ComputeContext? Current => s_current;

    /// <inheritdoc/>
    public void Dispose() => s_current = _before;
}
