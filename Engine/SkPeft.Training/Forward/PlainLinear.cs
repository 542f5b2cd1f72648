using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Forward;

/// <summary>
/// Linear layers whose effects can be added into the common product in place: low-rank changes and biases, in one operation. Most training
/// is this; everything else goes through <see cref="GeneralLinear"/>.
/// </summary>
internal sealed unsafe class PlainLinear(ForwardContext context, FrozenProduct products)
{
    /// <summary>Whether all effects on a fused matrix are of this kind.</summary>
    public static bool Suits(FusedLinear linear, RowGroups groups)
    {
        foreach (RowGroup group in groups.All)
        {
            foreach (LinearPart part in linear.Parts)
            {
                foreach (LinearEffect effect in group.Effects.At(part.Site))
                {
                    if (effect is not (LowRankEffect or BiasEffect))
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    /// <summary>y = x Wᵀ + b with effects, [n, Σ out].</summary>
    public Tensor Apply(FusedLinear linear, RowGroups groups, Tensor x)
    {
        Tensor y = products.Multiply(linear, x);
        List<LowRankTouch> lowRanks = [];
        List<BiasTouch> biases = [];
        List<Tensor> inputs = [x];
        foreach (RowGroup group in groups.All)
        {
            foreach (LinearPart part in linear.Parts)
            {
                products.AddBias(linear, part, y, group);
                foreach (LinearEffect effect in group.Effects.At(part.Site))
                {
                    if (effect is LowRankEffect low)
                    {
                        lowRanks.Add(new LowRankTouch(context, low, part, group));
                        lowRanks[^1].Add(x, y);
                        inputs.AddRange([low.A, low.B]);
                    }
                    else if (effect is BiasEffect bias)
                    {
                        biases.Add(new BiasTouch(bias, part, group));
                        biases[^1].Add(y);
                        inputs.Add(bias.Bias);
                    }
                }
            }
        }

        return Operation.Record(y, (dy, gradients) =>
        {
            Tensor? dx = x.NeedsGradient ? gradients.Rent(x.Shape) : null;
            if (dx is not null)
            {
                products.MultiplyBack(linear, dy, dx);
            }

            biases.ForEach(b => b.AddGradients(dy, gradients));
            lowRanks.ForEach(l => l.AddGradients(x, dy, dx, gradients));
            if (dx is not null)
            {
                gradients.Add(x, dx);
            }
        }, [.. inputs]);
    }
}
