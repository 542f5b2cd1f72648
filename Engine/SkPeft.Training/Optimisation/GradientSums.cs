using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Optimisation;

/// <summary>The gradients of a step: sums over its parts, in memory of their own.</summary>
/// <param name="parameters">The parameters that are trained.</param>
internal sealed class GradientSums(IReadOnlyList<TrainingParameter> parameters)
{
    private readonly Dictionary<TrainingParameter, Tensor> _memory = [];
    private readonly HashSet<TrainingParameter> _present = [];

    /// <summary>The gradient of a parameter, or null where the loss does not depend on it.</summary>
    public Tensor? this[TrainingParameter parameter] => _present.Contains(parameter) ? _memory[parameter] : null;

    /// <summary>Forgets the step before.</summary>
    public void Clear() => _present.Clear();

    /// <summary>Adds the gradients of a part of the step.</summary>
    public void Add(Gradients gradients)
    {
        foreach (TrainingParameter parameter in parameters)
        {
            if (gradients[parameter.Value] is not { } gradient)
            {
                continue;
            }

            if (!_memory.TryGetValue(parameter, out Tensor? sum))
            {
                _memory.Add(parameter, sum = new Tensor(parameter.Value.Shape));
            }

            if (_present.Add(parameter))
            {
                gradient.Data.CopyTo(sum.Data);
            }
            else
            {
                TensorPrimitives.Add(sum.Data, gradient.Data, sum.Data);
            }
        }
    }

    /// <summary>The norm of all gradients together.</summary>
    public double Norm() => Math.Sqrt(parameters.Where(_present.Contains).Sum(p => SquareSum.Of(_memory[p].Data)));

    /// <summary>Shortens all gradients so that their norm is at most <paramref name="longest"/>; as <c>torch.nn.utils.clip_grad_norm_</c>.</summary>
    /// <param name="longest">The greatest norm.</param>
    /// <param name="norm">What <see cref="Norm"/> gave.</param>
    public void Clip(double longest, double norm)
    {
        // The reference adds this to a norm that might be 0.
        double factor = longest / (norm + 1e-6);
        if (factor >= 1)
        {
            return;
        }

        foreach (TrainingParameter parameter in parameters.Where(_present.Contains))
        {
            Span<float> gradient = _memory[parameter].Data;
            TensorPrimitives.Multiply(gradient, (float)factor, gradient);
        }
    }

    /// <summary>The first parameter with a gradient that is not finite, or null.</summary>
    public TrainingParameter? FirstBroken() => parameters.FirstOrDefault(p => _present.Contains(p) && !TensorPrimitives.IsFiniteAll<float>(_memory[p].Data));
}
