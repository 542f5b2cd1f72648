using SkPeft.Tensors;

namespace SkPeft.Training.Pretraining;

/// <summary>Random weights to begin with: N(0, deviation²), those that write to the residual stream smaller by √(2 · layers) (GPT-2), norms 1, biases 0.</summary>
internal static class StartWeights
{
    public static IReadOnlyDictionary<string, Tensor> Of(ModelSizes sizes, int seed, float deviation)
    {
        Random random = new(seed);
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        float last = deviation / MathF.Sqrt(2f * sizes.Layers);
        foreach (ModuleInfo module in new ModelShape(sizes).Modules.Where(m => m.Name != "lm_head" || !sizes.TiedEmbeddings))
        {
            tensors[module.Name + ".weight"] = module.Kind == ModuleKind.Norm
                ? StartValues.Constant(1, module.Outputs)
                : StartValues.Normal(random, module.Linear is { Kind: LinearKind.Output or LinearKind.Down } ? last : deviation, module.Outputs, module.Inputs);
            if (module.HasBias)
            {
                tensors[module.Name + ".bias"] = new Tensor(module.Outputs);
            }
        }

        return tensors;
    }
}
