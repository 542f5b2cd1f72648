using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;

namespace SkPeft.Tensors.Layers;

/// <summary>Dropout of a weight's change in a step of training: of whole outputs, or of the layer altogether (LyCORIS: arXiv 2309.14859).</summary>
/// <param name="module">The layer's name.</param>
/// <param name="rows">The probability with which an output is dropped, in [0, 1).</param>
/// <param name="scales">Whether the others are divided by the share that is left.</param>
/// <param name="whole">The probability with which the layer is left as it is, in [0, 1).</param>
public sealed class ChangeDropout(string module, float rows, bool scales, float whole)
{
    /// <summary>Whether this step leaves the layer as it is; never outside of steps.</summary>
    public bool DropsModule() => whole > 0 && StepDraws.Choices($"{module} whole")?.NextDouble() <= whole;

    /// <summary>The change with some of its rows at zero; itself outside of steps.</summary>
    /// <param name="change">[out, …].</param>
    public Tensor DropRows(Tensor change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (rows == 0 || StepDraws.Choices($"{module} rows") is not { } random)
        {
            return change;
        }

        Tensor kept = new(change[0], 1);
        foreach (ref float row in kept.Data)
        {
            row = random.NextDouble() > rows ? 1 : 0;
        }

        // Where none is left HF divides zero by zero.
        float left = System.Numerics.Tensors.TensorPrimitives.Sum<float>(kept.Data) / kept.Length;
        return change.Multiply(scales && left > 0 ? kept.Scale(1 / left) : kept);
    }
}
