namespace SkPeft.Tensors.Differentiation;

/// <summary>A node of the graph: knows how the gradient of its result becomes gradients of what it was computed from.</summary>
public abstract class Operation : Derivation
{
    /// <summary>Hands gradients to the inputs, by <see cref="Gradients.Add"/> or <see cref="Gradients.Buffer"/>.</summary>
    /// <param name="gradient">The gradient of the result, of its shape. Must not be written to.</param>
    /// <param name="gradients">Where gradients go; inputs that are constants need none (<see cref="Tensor.NeedsGradient"/> is false).</param>
    public abstract void Backward(Tensor gradient, Gradients gradients);

    /// <summary>Marks a result as computed so, if a gradient may be asked for any of the inputs; else gives it back as a constant.</summary>
    /// <param name="result">The result.</param>
    /// <param name="backward">What <see cref="Backward"/> does.</param>
    /// <param name="inputs">What it was computed from.</param>
    public static Tensor Record(Tensor result, Action<Tensor, Gradients> backward, params ReadOnlySpan<Tensor> inputs)
    {
        foreach (Tensor input in inputs)
        {
            if (input.Derivation is not null)
            {
                return result.With(new Recorded(backward));
            }
        }

        return result;
    }

    private sealed class Recorded(Action<Tensor, Gradients> backward) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients) => backward(gradient, gradients);
    }
}

/// <summary>The start of a graph: a tensor whose gradient is asked for.</summary>
internal sealed class Leaf : Derivation;
