using System.Numerics.Tensors;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Forward;

/// <summary>One bias added to one layer's rows in place.</summary>
internal sealed class BiasTouch(BiasEffect effect, LinearPart part, RowGroup rows)
{
    /// <summary>Adds the bias.</summary>
    public void Add(Tensor y)
    {
        for (int row = rows.First; row < rows.First + rows.Count; row++)
        {
            Span<float> to = y.Row(row).Slice(part.Offset, part.Width);
            TensorPrimitives.Add(to, effect.Bias.Data, to);
        }
    }

    /// <summary>Adds the sum of the rows' gradients to the bias's.</summary>
    public void AddGradients(Tensor dy, Gradients gradients)
    {
        if (effect.Bias.NeedsGradient)
        {
            Span<float> sum = gradients.Buffer(effect.Bias).Data;
            for (int row = rows.First; row < rows.First + rows.Count; row++)
            {
                TensorPrimitives.Add(sum, dy.Row(row).Slice(part.Offset, part.Width), sum);
            }
        }
    }
}
