using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>The frozen base with a memory: a method asks for the same weights in every step, and each answer decodes a matrix.</summary>
/// <param name="inner">The base.</param>
internal sealed class CachedBase(IBaseModel inner) : IBaseModel
{
    private readonly Dictionary<string, Tensor> _weights = [];
    private readonly Dictionary<string, Tensor?> _biases = [];

    public ModelShape Shape => inner.Shape;

    /// <summary>Bytes held.</summary>
    public long Bytes => _weights.Values.Sum(w => (long)w.Length * sizeof(float));

    public Tensor Weight(string module)
    {
        if (!_weights.TryGetValue(module, out Tensor? weight))
        {
            _weights.Add(module, weight = inner.Weight(module));
        }

        return weight;
    }

    public Tensor? Bias(string module)
    {
        if (!_biases.TryGetValue(module, out Tensor? bias))
        {
            _biases.Add(module, bias = inner.Bias(module));
        }

        return bias;
    }

    public Tensor Linear(LinearSite site, Tensor x)
    {
        string module = Shape.ModuleOf(site).Name;
        Tensor y = x.MatMulTransposed(Weight(module));
        return Bias(module) is { } bias ? y.Add(bias) : y;
    }
}
