using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Training;

/// <summary>
/// The network that makes soft tokens from learned inputs while a prompt is trained, and is dropped afterwards (P-tuning, arXiv 2103.10385),
/// in Hugging Face PEFT's form: an MLP, or a bidirectional LSTM with an MLP behind it.
/// </summary>
public sealed class SoftTokenEncoder
{
    /// <summary>Three linear layers with ReLU between them.</summary>
    public const string Mlp = "MLP";

    /// <summary>A bidirectional LSTM over the soft tokens, then two linear layers with ReLU between them.</summary>
    public const string Lstm = "LSTM";

    private readonly LstmDirection[][] _recurrent;
    private readonly DenseLayer[] _dense;
    private readonly string _name;
    private readonly float _dropout;

    private SoftTokenEncoder(string name, float dropout, LstmDirection[][] recurrent, DenseLayer[] dense) =>
        (_name, _dropout, _recurrent, _dense) = (name, dropout, recurrent, dense);

    /// <summary>Adds an encoder's parameters to a run.</summary>
    /// <param name="parameters">Where they go.</param>
    /// <param name="name">What stands in front of their names, for instance <c>prompt_encoder.default</c>.</param>
    /// <param name="config">Kind and sizes.</param>
    /// <param name="width">The base's hidden size.</param>
    /// <param name="random">The run's random numbers.</param>
    public static SoftTokenEncoder Add(ParameterSet parameters, string name, SoftTokenEncoderConfig config, int width, Random random)
    {
        ArgumentNullException.ThrowIfNull(config);
        int hidden = config.Hidden;
        DenseLayer Dense(int index, int outputs, int inputs) => DenseLayer.Add(parameters, $"{name}.mlp_head.{index}", outputs, inputs, random);
        if (config.Kind == Mlp)
        {
            return new SoftTokenEncoder(name, 0, [], [Dense(0, hidden, width), Dense(2, hidden, hidden), Dense(4, width, hidden)]);
        }

        LstmDirection[][] recurrent = [.. Enumerable.Range(0, config.Layers).Select(layer => ((bool[])[false, true])
            .Select(reverse => new LstmDirection(parameters, $"{name}.lstm_head", layer, reverse, layer == 0 ? width : 2 * hidden, hidden, random)).ToArray())];
        return new SoftTokenEncoder(name, config.Dropout, recurrent, [Dense(0, 2 * hidden, 2 * hidden), Dense(2, width, 2 * hidden)]);
    }

    /// <summary>The soft tokens for learned inputs.</summary>
    /// <param name="inputs">[p, width].</param>
    /// <returns>[p, width].</returns>
    public Tensor Encode(Tensor inputs)
    {
        Tensor x = inputs;
        for (int layer = 0; layer < _recurrent.Length; layer++)
        {
            // torch.nn.LSTM: between layers, not behind the last.
            DropoutMask? mask = layer == 0 ? null : StepDraws.OfTensor($"{_name}.lstm_head.{layer}", _dropout);
            Tensor seen = mask is null ? x : x.Dropout(mask);
            x = TensorOps.Concat(1, [.. _recurrent[layer].Select(direction => direction.Run(seen))]);
        }

        for (int i = 0; i < _dense.Length; i++)
        {
            x = _dense[i].Apply(i == 0 ? x : x.Relu());
        }

        return x;
    }
}
