using System.Numerics.Tensors;

namespace SkPeft.Training.Optimisation;

/// <summary>Gradient descent with momentum, as <c>torch.optim.SGD</c>: weight decay is part of the gradient, the first velocity is the gradient.</summary>
/// <param name="momentum">The share of the old velocity that is kept; 0 for none.</param>
/// <param name="nesterov">Whether the step looks ahead along the velocity.</param>
internal sealed class Sgd(double momentum = 0, bool nesterov = false) : Optimiser
{
    public override void Step(TrainingParameter parameter, ReadOnlySpan<float> gradient, double rate, double decay)
    {
        Span<float> value = parameter.Value.Data;
        Span<float> change = Scratch(value.Length);
        gradient.CopyTo(change);
        if (decay != 0)
        {
            TensorPrimitives.MultiplyAdd(value, (float)decay, change, change);
        }

        if (momentum != 0)
        {
            bool first = Count(parameter) == 1;
            Span<float> velocity = Slot(parameter, "momentum_buffer", parameter.Value.Shape).Data;
            TensorPrimitives.Multiply(velocity, first ? 0 : (float)momentum, velocity);
            TensorPrimitives.Add(velocity, change, velocity);
            if (nesterov)
            {
                TensorPrimitives.MultiplyAdd(velocity, (float)momentum, change, change);
            }
            else
            {
                velocity.CopyTo(change);
            }
        }

        TensorPrimitives.MultiplyAdd(change, (float)-rate, value, value);
    }

    public override long BytesFor(IEnumerable<TrainingParameter> parameters) =>
        ScratchBytes(parameters) + (momentum == 0 ? 0 : parameters.Sum(p => (long)p.Value.Length * sizeof(float)));
}
