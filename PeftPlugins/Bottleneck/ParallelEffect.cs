using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Bottleneck;

/// <summary>y + s·net(x): beside the MLP, on the norm's output.</summary>
/// <param name="layer">The block.</param>
/// <param name="network">The network.</param>
/// <param name="scale">s.</param>
internal sealed class ParallelEffect(int layer, BottleneckNetwork network, float scale) : SubLayerEffect(layer, SubLayerKind.Mlp)
{
    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, Tensor output) => output.Add(network.Apply(input).Scale(scale));
}
