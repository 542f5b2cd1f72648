using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Training;

/// <summary>One direction of one LSTM layer, with PyTorch's names, start (U(±1/√hidden)) and order of gates: input, forget, cell, output.</summary>
internal sealed class LstmDirection
{
    private const int Gates = 4;

    private readonly int _hidden;
    private readonly bool _reverse;
    private readonly Tensor _inputWeight;
    private readonly Tensor _hiddenWeight;
    private readonly Tensor _inputBias;
    private readonly Tensor _hiddenBias;

    public LstmDirection(ParameterSet parameters, string name, int layer, bool reverse, int inputs, int hidden, Random random)
    {
        _hidden = hidden;
        _reverse = reverse;
        string suffix = $"l{layer}{(reverse ? "_reverse" : "")}";
        Tensor Add(string part, params ReadOnlySpan<int> shape) =>
            parameters.AddUnsaved($"{name}.{part}_{suffix}", StartValues.Uniform(random, 1f / MathF.Sqrt(hidden), shape));
        _inputWeight = Add("weight_ih", Gates * hidden, inputs);
        _hiddenWeight = Add("weight_hh", Gates * hidden, hidden);
        _inputBias = Add("bias_ih", Gates * hidden);
        _hiddenBias = Add("bias_hh", Gates * hidden);
    }

    /// <summary>The hidden states for rows [n, inputs] in their order, [n, hidden].</summary>
    public Tensor Run(Tensor x)
    {
        // What the inputs bring to the gates is known for all steps at once.
        Tensor given = x.MatMulTransposed(_inputWeight).Add(_inputBias).Add(_hiddenBias);
        Tensor[] states = new Tensor[x[0]];
        Tensor state = new(1, _hidden);
        Tensor cell = new(1, _hidden);
        for (int step = 0; step < states.Length; step++)
        {
            int row = _reverse ? states.Length - 1 - step : step;
            Tensor gates = given.Slice(0, row, 1).Add(state.MatMulTransposed(_hiddenWeight));
            cell = Gate(gates, 1).Sigmoid().Multiply(cell).Add(Gate(gates, 0).Sigmoid().Multiply(Gate(gates, 2).Tanh()));
            state = Gate(gates, 3).Sigmoid().Multiply(cell.Tanh());
            states[row] = state;
        }

        return TensorOps.Concat(0, states);
    }

    private Tensor Gate(Tensor gates, int index) => gates.Slice(1, index * _hidden, _hidden);
}
