using SkPeft.Tensors;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;

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

    /// <summary>Adds the four tensors of a place at their start: down N(0, 0.02²), up 0, so that step 0 is the base.</summary>
    /// <param name="parameters">Where to.</param>
    /// <param name="name">The place.</param>
    /// <param name="width">m.</param>
    /// <param name="hidden">The base's width.</param>
    /// <param name="random">The run's random numbers.</param>
    public static void Start(ParameterSet parameters, string name, int width, int hidden, Random random)
    {
        Add(".down.weight", StartValues.Normal(random, 0.02f, width, hidden));
        Add(".down.bias", new Tensor(width), decays: false);
        Add(".up.weight", new Tensor(hidden, width));
        Add(".up.bias", new Tensor(hidden), decays: false);

        void Add(string tensor, Tensor start, bool decays = true) => parameters.Add(name + tensor, name + tensor, start, decays: decays);
    }

    /// <summary>Computes rows [n, hidden] from rows [n, hidden].</summary>
    public Tensor Apply(Tensor x) => Activation(x.MatMulTransposed(Down).Add(DownBias)).MatMulTransposed(Up).Add(UpBias);
}
