using SkPeft.Engine;
using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;
using SkPeft.Training.Forward;
using SkPeft.Training.Objectives;

namespace SkPeft.Training;

/// <summary>What one passage took on its way through the model and back. No formula knows what the effects of all methods keep of a row.</summary>
/// <param name="Rows">Its rows, soft tokens included; of one adapter.</param>
/// <param name="Losses">Its tokens that carry loss.</param>
/// <param name="LossBytes">What each of them took: passages differ in how many of their rows do.</param>
/// <param name="RowBytes">Activations and gradients of all others.</param>
/// <param name="ParameterBytes">The gradients of the parameters: a larger part has no more of them.</param>
internal sealed record MemorySample(int Rows, int Losses, long LossBytes, long RowBytes, long ParameterBytes)
{
    /// <summary>Bytes of activations and gradients of a part.</summary>
    /// <param name="part">Its size.</param>
    public long BytesOf(PartSizes part) => ParameterBytes + (part.Losses * LossBytes) + (long)((double)RowBytes * part.Rows / Rows);

    /// <summary>Runs the typical passage of a run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="compute">Workers and kernels.</param>
    /// <param name="recompute">Whether a block keeps only its input.</param>
    /// <param name="effects">The effects of every adapter.</param>
    /// <param name="objective">What runs through the model.</param>
    /// <param name="sizes">Which passage is typical.</param>
    public static MemorySample Take(
        LanguageModel model, ComputeContext compute, bool recompute, IReadOnlyList<EffectIndex> effects, IStepObjective objective, PartSizes sizes)
    {
        ModelSizes of = model.Shape.Sizes;

        // Logits, which become their own gradient, and the last hidden states.
        long lossBytes = (long)effects.Count * (of.VocabularySize + (2 * of.HiddenSize)) * sizeof(float);
        if (sizes.Typical is not { } passage)
        {
            return new MemorySample(1, 0, lossBytes, 0, 0);
        }

        // Small tensors too: in a longer passage they are large.
        StepMemory activations = new(smallest: 1), gradients = new(smallest: 1);
        using TrainingForward forward = new(model, compute, activations, recompute);
        Tensor result = objective.Run(forward, [.. effects.Select(e => new TrainingSequence(e, passage.Ids, passage.PromptLength, passage.LossFrom))]);
        if (result.NeedsGradient)
        {
            Gradients.Of(result, new Tensor(result.Shape), gradients);
        }

        // What is left in use are the gradients of the parameters. How many of them were there at the peak is not known; but the way back through
        // a block takes about what the block did, which where blocks are computed again is much of all.
        long parameters = gradients.InUseBytes, block = recompute ? activations.PeakBytes : activations.PeakBytes / of.Layers;
        long backward = Math.Clamp(block, gradients.PeakBytes - parameters, gradients.PeakBytes);
        int losses = objective is HeadObjective ? 0 : passage.Losses;
        return new MemorySample(sizes.RowsOf(passage), losses, lossBytes, Math.Max(0, activations.PeakBytes + backward - (losses * lossBytes)), parameters);
    }
}
