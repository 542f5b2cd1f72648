using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Training.Forward;

/// <summary>What every operation of the training forward works with.</summary>
/// <param name="Weights">The frozen base, shared with serving and never written.</param>
/// <param name="Rope">Rotary positions of the trainer's own: serving grows its table while it runs.</param>
/// <param name="Compute">Workers and kernels.</param>
/// <param name="Memory">Memory for activations.</param>
internal sealed record ForwardContext(LlamaWeights Weights, RopeTable Rope, ComputeContext Compute, StepMemory Memory)
{
    public ModelSizes Sizes => Weights.Shape.Sizes;
}
