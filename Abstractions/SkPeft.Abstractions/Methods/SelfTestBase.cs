namespace SkPeft;

/// <summary>A base model for self-tests: a few named parameters and plain loops, slow and independent of the engine.</summary>
/// <param name="shape">Sizes and modules.</param>
/// <param name="parameters">Weights and biases under their Hugging Face names, for instance <c>model.layers.0.self_attn.k_proj.weight</c>; only those that the test needs.</param>
public sealed class SelfTestBase(ModelShape shape, params (string Name, Tensor Tensor)[] parameters) : IBaseModel
{
    private readonly Dictionary<string, Tensor> _parameters = parameters.ToDictionary(p => p.Name, p => p.Tensor, StringComparer.Ordinal);

    /// <inheritdoc/>
    public ModelShape Shape { get; } = shape;

    /// <inheritdoc/>
    public Tensor Weight(string module) => _parameters.TryGetValue(module + ".weight", out Tensor? weight)
        ? weight
        : throw new ArgumentException($"The self-test's base has no {module}.weight.", nameof(module));

    /// <inheritdoc/>
    public Tensor? Bias(string module) => _parameters.GetValueOrDefault(module + ".bias");

    /// <inheritdoc/>
    public Tensor Linear(LinearSite site, Tensor x)
    {
        string module = ModelShape.NameOf(site);
        Tensor weight = Weight(module);
        Tensor? bias = Bias(module);
        Tensor y = new(x[0], weight[0]);
        for (int i = 0; i < x[0]; i++)
        {
            for (int j = 0; j < weight[0]; j++)
            {
                double sum = bias is null ? 0 : bias.Data[j];
                for (int k = 0; k < weight[1]; k++)
                {
                    sum += (double)x.Row(i)[k] * weight.Row(j)[k];
                }

                y.Row(i)[j] = (float)sum;
            }
        }

        return y;
    }
}
