using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Training;

/// <summary>A trainable linear layer y = x Wᵀ + b under PyTorch's names and with its start.</summary>
/// <param name="Weight">W, [out, in].</param>
/// <param name="Bias">b, [out].</param>
public sealed record DenseLayer(Tensor Weight, Tensor Bias)
{
    /// <summary>Adds the layer's parameters: U(±1/√in), weight and bias alike.</summary>
    /// <param name="parameters">Where they go; they are in no file.</param>
    /// <param name="name">The layer's name in training states.</param>
    /// <param name="outputs">out.</param>
    /// <param name="inputs">in.</param>
    /// <param name="random">The run's random numbers.</param>
    public static DenseLayer Add(ParameterSet parameters, string name, int outputs, int inputs, Random random)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Tensor weight = StartValues.KaimingUniform(random, outputs, inputs);
        Tensor bias = StartValues.Uniform(random, 1f / MathF.Sqrt(inputs), outputs);
        return new DenseLayer(parameters.AddUnsaved($"{name}.weight", weight), parameters.AddUnsaved($"{name}.bias", bias));
    }

    /// <summary>The layer's result for rows.</summary>
    /// <param name="x">[n, in].</param>
    /// <returns>[n, out].</returns>
    public Tensor Apply(Tensor x) => x.MatMulTransposed(Weight).Add(Bias);
}
