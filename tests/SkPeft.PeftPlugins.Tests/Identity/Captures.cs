using SkPeft.Tensors.Ops;

namespace SkPeft.PeftPlugins.Tests.Identity;

/// <summary>Effects that change nothing and keep what passes by: how a test looks inside any runner through the contract alone.</summary>
internal sealed class LinearCapture(LinearSite site) : CustomLinearEffect(site)
{
    private readonly List<Tensor> _seen = [];

    /// <summary>The rows that came out of the layer, in order.</summary>
    public Tensor Rows => TensorOps.Concat(0, [.. _seen]);

    public override Tensor TransformOutput(Tensor x, Tensor y)
    {
        _seen.Add(Tensor.From(y.Data, y.Shape));
        return y;
    }
}

/// <inheritdoc cref="LinearCapture"/>
internal sealed class SubLayerCapture(int layer, SubLayerKind kind) : SubLayerEffect(layer, kind)
{
    private readonly List<Tensor> _seen = [];

    /// <summary>What the sub-layer added to the residual stream, in order.</summary>
    public Tensor Rows => TensorOps.Concat(0, [.. _seen]);

    public override Tensor Apply(Tensor input, Tensor output)
    {
        _seen.Add(Tensor.From(output.Data, output.Shape));
        return output;
    }
}
