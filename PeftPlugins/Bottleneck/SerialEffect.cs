using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Bottleneck;

/// <summary>y + net(y): behind a sub-layer, before the residual stream.</summary>
/// <param name="layer">The block.</param>
/// <param name="subLayer">Attention or MLP.</param>
/// <param name="network">The network.</param>
internal sealed class SerialEffect(int layer, SubLayerKind subLayer, BottleneckNetwork network) : SubLayerEffect(layer, subLayer)
{
    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, Tensor output) => output.Add(network.Apply(output));
}
