namespace SkPeft;

/// <summary>
/// How a tensor was computed, where a gradient may be asked for: a node of the graph that reverse-mode differentiation walks back.
/// Tensors without one are constants.
/// </summary>
/// <remarks>Made by <c>TensorOps</c> and by the trainer only; methods never see one.</remarks>
public abstract class Derivation
{
    private static long s_count;

    /// <summary>Gives the node its place: it comes after all nodes that existed before, its inputs among them.</summary>
    protected Derivation()
    {
        Order = Interlocked.Increment(ref s_count);
    }

    /// <summary>Grows with every node of the process: walking back in falling order meets every node after all that use it.</summary>
    public long Order { get; }
}
