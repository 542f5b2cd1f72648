using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Loop;

/// <summary>Memory for activations and gradients, used again by every part of a step.</summary>
internal sealed class RunMemory
{
    /// <summary>Activations.</summary>
    public StepMemory Activations { get; } = new();

    /// <summary>Gradients.</summary>
    public StepMemory Gradients { get; } = new();

    /// <summary>Bytes held.</summary>
    public long Bytes => Activations.Bytes + Gradients.Bytes;

    /// <summary>All memory is free again: nothing of the part may be read any more.</summary>
    public void Recycle()
    {
        Activations.Recycle();
        Gradients.Recycle();
    }
}
