using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Bottleneck;

/// <summary>up(f(down(x))) + b: the network of one place.</summary>
/// <param name="Down">[m, hidden].</param>
/// <param name="DownBias">[m].</param>
/// <param name="Up">[hidden, m].</param>
/// <param name="UpBias">[hidden].</param>
/// <param name="Activation">f.</param>
internal sealed record BottleneckNetwork(Tensor Down, Tensor DownBias, Tensor Up, Tensor UpBias, Func<Tensor, Tensor> Activation)
{
    /// <summary>Takes the four tensors of a place.</summary>
    /// <param name="tensors">The adapter's tensors.</param>
    /// <param name="name">The place, for instance <c>layers.0.mlp</c>.</param>
    /// <param name="width">m.</param>
    /// <param name="hidden">The base's width.</param>
    /// <param name="activation">f.</param>
    public static BottleneckNetwork Take(AdapterTensors tensors, string name, int width, int hidden, Func<Tensor, Tensor> activation) => new(
        tensors.Take(name + ".down.weight", width, hidden),
        tensors.Take(name + ".down.bias", width),
        tensors.Take(name + ".up.weight", hidden, width),
        tensors.Take(name + ".up.bias", hidden),
        activation);

    /// <summary>Computes rows [n, hidden] from rows [n, hidden].</summary>
    public Tensor Apply(Tensor x) => Activation(x.MatMulTransposed(Down).Add(DownBias)).MatMulTransposed(Up).Add(UpBias);
}
