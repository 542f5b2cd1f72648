using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Ia3;

/// <summary>The vector of one linear layer.</summary>
/// <param name="Module">The layer.</param>
/// <param name="Vector">l: [1, in] where it scales the input, else [out, 1].</param>
/// <param name="IsFeedforward">Whether it scales the input.</param>
internal sealed record ScaledModule(ModuleInfo Module, Tensor Vector, bool IsFeedforward)
{
    /// <summary>Maps the vector to its effect.</summary>
    public Effect BuildEffect()
    {
        Tensor scale = Vector.Reshape(Vector.Length);
        return IsFeedforward ? new InputScaleEffect(Module.Linear!.Value, scale) : new OutputScaleEffect(Module.Linear!.Value, scale, scalesBias: true);
    }
}
