using System.Text.Json;
using SkPeft.Tensors.Training;

namespace SkPeft.Tensors.Layers;

/// <summary>A run of a method that changes single layers.</summary>
/// <param name="method">The method.</param>
/// <param name="request">The run.</param>
/// <param name="config">The complete configuration.</param>
/// <param name="start">The tensors at their start.</param>
/// <param name="save">Brings the two files into the form in which they are saved; null where they are.</param>
internal sealed class LayerTraining(
    IPeftMethod method, TrainingRequest request, JsonElement config, LayerStart start, Func<AdapterPackage, AdapterPackage>? save)
    : DirectTraining(method, request, config, start.Parameters)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model, int task)
    {
        foreach ((Tensor parameter, Func<Tensor, Tensor> bring) in start.Constrained)
        {
            bring(parameter.Detach()).Data.CopyTo(parameter.Data);
        }

        return base.BuildEffects(model, task);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterPackage> Export() => save is null ? base.Export() : [.. base.Export().Select(save)];
}
